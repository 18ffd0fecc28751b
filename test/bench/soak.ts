import { createRequire } from 'node:module'
import { interruptible } from '@hardway/cli/interrupt'
import { memoryOf } from '@hardway/cli/memory'
import { query } from '@hardway/cli/prometheus'
import { execa } from 'execa'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'

/** Many requests to the newest chapter: does anything grow with their number? */
const [laps, each] = [10, 20_000]

/** What a process may have after the last lap: so many times the most that it had after one of the first half. */
const bound = 1.2

interface Seen {
  /** Of each process, what is its own (MiB). */
  memory: Map<string, number>
  /** All that were read, and not made by rules. */
  series: string[]
}

const questions = [
  { path: '/add?a=0.1&b=0.2' },
  { path: '/subtract?a=3&b=2' },
  { path: '/multiply?a=6&b=7' },
  { path: '/evaluate', body: '{"expression":"1+2*3"}' },
]

const total = (laps * each).toLocaleString('en')
console.log(`${total} requests; with 250 a second ${Math.ceil((laps * each) / 250 / 60)} minutes.`)
await interruptible(async signal => {
  const chapter = await startChapter('09-zipkin', 33, {
    mesh: {
      ...mesh,
      jwt: { ...mesh.jwt!, ttl: '4h' },
      authorization: { ...mesh.authorization!, timeout: '4s' }, // on one machine with the load, an OPA may be late
    },
  })
  try {
    judge(await run(chapter, signal))
  } finally {
    await chapter.stop()
  }
})

/** What was seen after each lap. */
async function run(chapter: RunningChapter, signal: AbortSignal): Promise<Seen[]> {
  const seen: Seen[] = []
  for (let lap = 1; lap <= laps; lap++) {
    for (const question of questions) await ask(chapter, question, each / questions.length, signal)
    const { memory, series } = await look(chapter)
    seen.push({ memory, series })
    const sizes = [...memory].map(([name, size]) => `${name} ${Math.round(size)}`)
    const asked = (lap * each).toLocaleString('en')
    console.log(`after ${asked}: ${series.length} series; MiB: ${sizes.join(', ')}`)
  }
  return seen
}

/** @throws if any answer is not 200 */
async function ask(
  { url, token }: RunningChapter,
  { path, body }: { path: string; body?: string },
  amount: number,
  signal: AbortSignal,
): Promise<void> {
  const autocannon = createRequire(import.meta.url).resolve('autocannon')
  const post = body ? ['-m', 'POST', '-H', 'content-type=application/json', '-b', body] : []
  const args = ['--json', '-c', '16', '--timeout', '30', '--amount', `${amount}`, ...post]
  const headers = ['-H', `authorization=Bearer ${token}`]
  const command = [autocannon, ...args, ...headers, url + path]
  // Not its own error: that would show the command, and the token in it.
  const { failed, stdout, stderr } = await execa(process.execPath, command, {
    cancelSignal: signal,
    reject: false,
  })
  signal.throwIfAborted()
  if (failed) throw new Error(`${path}: the load failed: ${stderr}`)
  const { '2xx': good, non2xx, errors, timeouts, statusCodeStats } = JSON.parse(stdout)
  if (good === amount && non2xx + errors + timeouts === 0) return
  const codes = JSON.stringify(statusCodeStats)
  throw new Error(`${path}: ${codes}, ${errors} errors, ${timeouts} time-outs instead of ${amount} times 200`)
}

async function look(chapter: RunningChapter): Promise<Seen> {
  const pids = Object.entries(await chapter.pids())
  const memory = new Map(pids.map(([name, pid]) => [name, memoryOf(pid).own / 2 ** 20]))
  const samples = await query(`${new URL(chapter.url).hostname}:9090`, '{job=~".+"}')
  return { memory, series: samples.map(({ labels }) => JSON.stringify(labels)).sort() }
}

function judge(seen: Seen[]): void {
  const last = seen.at(-1)!
  const half = seen.slice(0, laps / 2)
  const grown = [...last.memory].filter(([name, size]) => {
    return size > bound * Math.max(...half.map(({ memory }) => memory.get(name)!))
  })
  const added = last.series.filter(series => !seen[0]!.series.includes(series))
  for (const [name, size] of grown) console.log(`${name} grows: ${Math.round(size)} MiB`)
  for (const series of added) console.log(`a new series: ${series}`)
  if (grown.length + added.length > 0) process.exitCode = 1
  else
    console.log(`Flat: no process has more than ${bound} times what it had in the first half; no new series.`)
}
