import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Native } from './native.ts'
import { reminder } from './reminder.ts'

/** How long a caller that says nothing is kept, in milliseconds: time for its next request to be on its way. */
const idleGrace = 500

/**
 * Empties an Envoy, which by itself would die at once on SIGTERM, with all that is in flight. It takes no new
 * connection, and ends those that it has with their next answer; then it is waited until no request is left, as long
 * as a process may take to stop. One whose admin does not answer is left as it is.
 * @param ready  the URL of its readiness, on its admin
 */
export async function drain({ limits, voice }: Native, name: string, ready: string): Promise<void> {
  const admin = new URL(ready).origin
  try {
    // The door first, and then the word to go: whoever comes back at once finds it shut, and not just being shut.
    for (const path of ['/drain_listeners', '/drain_listeners?graceful']) {
      voice.show(`curl -X POST '${admin}${path}'`)
      await ask(admin + path, 'POST')
    }
    await until(idleGrace, async () => (await active(admin)).connections === 0)
    const remind = reminder(limits.progress, voice.progress)
    await until(limits.stop, async () => {
      const { requests } = await active(admin)
      remind(() => `${name} to finish ${requests} requests`)
      return requests === 0
    })
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
  }
}

/** What an Envoy has from its callers; the admin's own is not counted. */
async function active(admin: string): Promise<{ connections: number; requests: number }> {
  const stats = await ask(`${admin}/stats?filter=^http\\..*\\.downstream_(cx|rq)_active$`, 'GET')
  const sum = { cx: 0, rq: 0 }
  for (const [, prefix, kind, value] of stats.matchAll(/^http\.(\S+)\.downstream_(cx|rq)_active: (\d+)$/gm)) {
    if (prefix !== 'admin') sum[kind as 'cx' | 'rq'] += Number(value)
  }
  return { connections: sum.cx, requests: sum.rq }
}

/** Waits for a condition, but no longer than a limit in milliseconds. */
async function until(limit: number, isDone: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + limit
  while (!(await isDone()) && performance.now() < late) await setTimeout(20)
}

/** An admin that is not there, is frozen, or refuses. */
class NoAnswer extends Error {
  override name = 'NoAnswer'
}

function ask(url: string, method: 'GET' | 'POST'): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new NoAnswer(error.message))
    const outgoing = request(url, { method, agent: false, timeout: 1_000 }, async response => {
      try {
        const text = Buffer.concat(await response.toArray()).toString()
        if (response.statusCode === 200) resolve(text)
        else fail(new Error(`status ${response.statusCode}`))
      } catch (error) {
        fail(error as Error)
      }
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('it is silent')))
    outgoing.on('error', fail)
    outgoing.end()
  })
}
