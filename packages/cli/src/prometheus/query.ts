import { request } from 'node:http'
import { CliError } from '../cli-error.ts'

/** One number, and what it is of. */
export interface Sample {
  labels: Record<string, string>
  value: number
}

/** How long an answer may take, in milliseconds. */
const patience = 5_000

/**
 * Asks Prometheus, through its door at the gateway.
 * @param door   `host:port`
 * @param query  in PromQL, for now
 * @throws CliError `call_failed`, `nothing_runs`
 */
export async function query(door: string, query: string): Promise<Sample[]> {
  const { status, text } = await get(`http://${door}/api/v1/query?${new URLSearchParams({ query })}`)
  if (status !== 200) {
    const cure = 'See how it does: ./mesh status'
    throw new CliError('call_failed', `Prometheus answered ${status} at ${door}: ${text.trim()}\n  ${cure}`)
  }
  const { result } = (JSON.parse(text) as { data: { result: { metric: object; value: [number, string] }[] } })
    .data
  return result.map(({ metric, value }) => ({ labels: { ...metric }, value: Number(value[1]) }))
}

/** Not by fetch: the door answers to the name localhost, wherever it is, and fetch would write another. */
function get(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { headers: { host: 'localhost' }, agent: false, timeout: patience } as const
    const outgoing = request(url, options, async response => {
      try {
        const text = Buffer.concat(await response.toArray()).toString()
        resolve({ status: response.statusCode!, text })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('it is silent')))
    outgoing.on('error', ({ message }) => {
      reject(new CliError('call_failed', `Prometheus does not answer at ${new URL(url).host} (${message}).`))
    })
    outgoing.end()
  })
}
