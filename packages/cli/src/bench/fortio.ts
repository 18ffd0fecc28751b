import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { type Latencies, latenciesOf, type Sent } from './latency.ts'
import type { Plan } from './plan.ts'

/** What to ask, and with which load generator. */
export interface Target {
  fortio: string
  /** The processor that Fortio has to itself. */
  processor: number
  url: string
  token: string
}

/** What a load came to. All requests were answered with 200, or there is no such thing. */
export interface Load {
  /** With those that Fortio sends before it begins to count, one on each connection. */
  requests: number
  seconds: number
  /** Per second, of those that it counts. */
  rate: number
}

/** The part that we read of the JSON that Fortio writes. */
export interface Report {
  StartTime: string
  /** In nanoseconds. */
  ActualDuration: number
  ActualQPS: number
  NumThreads: number
  RetCodes: Record<string, number>
  DurationHistogram: { Count: number }
  ErrorsDurationHistogram: { Count: number }
  SocketCount: number
}

/** By how many seconds a load by the clock may last longer; with more, what waits only grows. */
const patience = 1

/** Load without a pause: each connection asks again as soon as it has its answer. */
export async function saturate(
  target: Target,
  { seconds, connections }: Plan['saturated'],
  signal: AbortSignal,
): Promise<Load> {
  const args = ['-qps', '0', '-t', `${seconds}s`, '-c', `${connections}`]
  return loadOf(await run(target, args, signal), connections)
}

/**
 * Load by the clock, and how long callers waited.
 *
 * Each of Fortio's connections has a timetable. One whose answer is late sends the next request as soon as it can (that is
 * what `-nocatchup` would turn off, together with the rate), but counts that one's time from then, and so leaves out what it
 * waited for its turn: coordinated omission. So there are many more connections than requests are on their way at once, and
 * the times are not taken from Fortio's histogram but from its list of requests, where a late one counts from its due time.
 * @throws CliError `bench_failed` if requests left later and later, or one of them failed
 */
export async function atRate(
  target: Target,
  { seconds, connections, rate }: Plan['fixed'],
  scratch: string,
  signal: AbortSignal,
): Promise<Load & { latency: Latencies }> {
  const list = join(scratch, 'requests.json')
  rmSync(list, { force: true }) // Fortio appends
  // By number and not by time: at the end of its time Fortio leaves out what is late.
  const each = requestsOnEach({ seconds, connections, rate })
  const timetable = ['-qps', `${rate}`, '-uniform', '-n', `${each * connections}`, '-c', `${connections}`]
  const report = await run(target, [...timetable, '-access-log-file', list], signal)
  const load = loadOf(report, connections)
  if (load.seconds > seconds + patience) {
    throw new CliError(
      'bench_failed',
      `${target.url} did not keep up with ${rate} requests a second: those of ${seconds} s took ${load.seconds.toFixed(1)} s.`,
    )
  }
  const sent = readFileSync(list, 'utf8').trim().split('\n').map(parseSent)
  const start = microseconds(report.StartTime)
  return { ...load, latency: latenciesOf(sent, { start, connections, rate, each }) }
}

/** How many requests a connection sends in a load by the clock. */
function requestsOnEach({ seconds, connections, rate }: Plan['fixed']): number {
  return Math.floor((rate * seconds) / connections)
}

/** A line of the list: when it was sent (nanoseconds since 1970), and how long the answer took (seconds). */
export function parseSent(line: string): Sent {
  const { thread, iter, timestamp, latency } = JSON.parse(line)
  return { connection: thread, number: iter, sent: timestamp / 1000, took: latency * 1e6 }
}

/** A time as Go writes it, with up to nine digits of a second; a Date has but three. */
export function microseconds(time: string): number {
  const [, second, fraction = '', zone] = /^(.{19})(\.\d+)?(.*)$/.exec(time)!
  return Date.parse(`${second}${zone}`) * 1000 + Number(`0${fraction}`) * 1e6
}

async function run(
  { fortio, processor, url, token }: Target,
  args: string[],
  signal: AbortSignal,
): Promise<Report> {
  const quiet = ['-quiet', '-loglevel', 'Error', '-json', '-']
  const command = [fortio, 'load', ...args, ...quiet, '-H', `Authorization: Bearer ${token}`, url]
  const { failed, stdout, stderr } = await execa('taskset', ['--cpu-list', `${processor}`, ...command], {
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (failed) throw new CliError('bench_failed', `The load on ${url} failed:\n${lastLines(stderr)}`)
  return JSON.parse(stdout)
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n').slice(-5)
  return lines.map(line => `  ${line}`).join('\n')
}

/**
 * Reads what Fortio says of a load.
 * @throws CliError `bench_failed` if an answer was not 200, or a connection did not last
 */
export function loadOf(report: Report, connections: number): Load {
  const { RetCodes, DurationHistogram, ErrorsDurationHistogram, SocketCount, NumThreads } = report
  const good = RetCodes['200'] ?? 0
  const isWhole =
    good === DurationHistogram.Count && ErrorsDurationHistogram.Count === 0 && SocketCount === NumThreads
  if (!isWhole || NumThreads !== connections || good === 0) {
    const codes = Object.entries(RetCodes).map(([code, count]) => `${count} times ${code}`)
    throw new CliError(
      'bench_failed',
      `Not every request was answered with 200: ${codes.join(', ')}; ${SocketCount} sockets for ${NumThreads} connections.`,
    )
  }
  return {
    requests: good + NumThreads,
    seconds: report.ActualDuration / 1e9,
    rate: report.ActualQPS,
  }
}
