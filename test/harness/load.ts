import { Agent, request } from 'node:http'

/** How one request ended: an answer, or why there was none. */
export interface Outcome {
  status?: number
  body: string
  /** The error's code when no answer came; `ECONNREFUSED` means that nothing was ever sent. */
  error?: string
}

/** Requests at a fixed rate, whatever becomes of the earlier ones, over connections that are kept open. */
export interface Load {
  /** Ends the load, waits for the last answer, and gives what became of each request. */
  stop(): Promise<Outcome[]>
  /** How many requests have an answer, or an error, so far. */
  done(): number
}

/**
 * @param rate   requests per second
 * @param most   the number of requests after which the load ends by itself
 * @param body   JSON to post; it is a GET if left out
 */
export function startLoad(
  url: string,
  token: string,
  { rate, most, body }: { rate: number; most: number; body?: string | undefined },
): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const outcomes: Promise<Outcome>[] = []
  let done = 0
  const started = performance.now()
  const timer = setInterval(() => {
    const due = Math.min(most, ((performance.now() - started) / 1000) * rate)
    while (outcomes.length < due) outcomes.push(ask(url, token, agent, body).finally(() => done++))
  }, 5)
  return {
    stop: async () => {
      clearInterval(timer)
      const all = await Promise.all(outcomes)
      agent.destroy()
      return all
    },
    done: () => done,
  }
}

function ask(url: string, token: string, agent: Agent, body: string | undefined): Promise<Outcome> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise(resolve => {
    const outgoing = request(
      url,
      { agent, method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}`, ...type } },
      async response => {
        try {
          const body = Buffer.concat(await response.toArray()).toString()
          resolve({ status: response.statusCode!, body })
        } catch (error) {
          resolve({ error: `in the answer: ${(error as NodeJS.ErrnoException).code}`, body: '' })
        }
      },
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ error: error.code ?? error.message, body: '' }),
    )
    outgoing.end(body)
  })
}

/** How many requests ended in which way. */
export function tally(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, error } of outcomes) {
    const end = String(status ?? error)
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}
