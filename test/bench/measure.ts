import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { execa } from 'execa'

/** A server that runs, and what to ask it. */
export interface Contestant {
  pid: number
  url: string
  token: string
  /** For a POST: the JSON. */
  body?: string
}

export interface Run {
  /** Of the server's process, in microseconds. */
  cpuPerRequest: number
  requestsPerSecond: number
}

// Run as a program, never imported: its load must not share this process.
const autocannon = createRequire(import.meta.url).resolve('autocannon')

const last = availableParallelism() - 1

/** What is measured gets the first processor, and the load, with all else, the last. */
export async function pin(pid: number): Promise<void> {
  if (last > 0) await execa('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', `${pid}`])
}

const onLastProcessor = last > 0 ? ['taskset', '--cpu-list', `${last}`] : []

/**
 * Loads a server to saturation over 16 connections.
 * @param seconds  how long
 * @throws if any answer is not 2xx
 */
async function measure({ pid, url, token, body }: Contestant, seconds: number): Promise<Run> {
  const post = body === undefined ? [] : ['-m', 'POST', '-H', 'content-type=application/json', '-b', body]
  const before = cpuSeconds(pid)
  const command = [...onLastProcessor, process.execPath, autocannon, '--json', '-c', '16', '-d', `${seconds}`]
  const [file, ...args] = [...command, '-H', `authorization=Bearer ${token}`, ...post, url]
  const { stdout } = await execa(file!, args)
  const used = cpuSeconds(pid) - before
  const { '2xx': good, non2xx, errors, timeouts } = JSON.parse(stdout)
  if (non2xx + errors + timeouts > 0 || good === 0) {
    throw new Error(`${url}: ${good} good answers, ${non2xx} others, ${errors} errors, ${timeouts} time-outs`)
  }
  return { cpuPerRequest: (used * 1e6) / good, requestsPerSecond: good / seconds }
}

/** User and system time of a process; the kernel counts it in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}

/** Runs two in turn, A B B A A B …, and gives the runs of each; those with the same index are neighbours. */
export async function alternate(
  a: Contestant,
  b: Contestant,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<{ a: Run[]; b: Run[] }> {
  const runs: { a: Run[]; b: Run[] } = { a: [], b: [] }
  await measure(a, seconds) // unmeasured, so that the code is compiled
  await measure(b, seconds)
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) runs.a.push(await measure(a, seconds))
    runs.b.push(await measure(b, seconds))
    if (round % 2 === 1) runs.a.push(await measure(a, seconds))
  }
  return runs
}
