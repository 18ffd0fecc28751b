import type { Latencies } from './latency.ts'
import type { Result, Run, SubjectResult } from './result.ts'
import { type Measured, measured, median, noise, ratio } from './statistics.ts'

/** A subject's numbers, each with its spread over the rounds. */
export interface Row {
  subject: SubjectResult
  /** Processor time per request at saturation, in microseconds: by kind of process, by process, and all of it. */
  byKind: Record<string, Measured>
  byProcess: Record<string, Measured>
  /** Of what a request passes: applications, Envoys and OPAs. */
  cpu: Measured
  /** The same at the fixed rate, where a processor sleeps and wakes between requests. */
  cpuAtRate: Measured
  /** Requests per second at saturation. */
  rate: Measured
  /** In milliseconds, at the fixed rate. */
  latency: Record<keyof Latencies, Measured>
  /** In MiB, by pod. */
  memory: Record<string, { own: number; resident: number }>
}

/** How many times as much one subject is as another, and whether that is more than chance. */
export interface Factor {
  value: number
  isClaimed: boolean
}

export interface Comparison {
  of: string
  to: string
  /** By the name of what is compared: see `metrics`. */
  factors: Record<string, Factor>
}

export interface Summary {
  /** The kinds of process that there are, in the order of their first appearance. */
  kinds: string[]
  rows: Row[]
  comparisons: Comparison[]
  /** The noise floor: by how much two runs of one and the same chapter may differ, as a share, by metric. */
  noise: Record<string, number>
  /** Which chapter was measured twice to know that. */
  measuredTwice: string
  /** How many runs were taken again. */
  void: number
  /** The share of the measured processor that others had meanwhile: in half of the runs at most this. */
  others: number
}

type Metric = (run: Run, subject: SubjectResult) => number

/** The kinds of process that a request passes; the others only look on. */
export const dataPath = ['application', 'Envoy', 'OPA']

/** What is compared. Of each process kind besides. */
const metrics: Record<string, Metric> = {
  'data path': cpuOf(dataPath),
  'requests/s': run => run.saturated.rate,
  p50: run => run.fixed.latency.p50,
  p90: run => run.fixed.latency.p90,
  p99: run => run.fixed.latency.p99,
  'p99.9': run => run.fixed.latency.p999,
}

function cpuOf(kinds: string[], load: 'saturated' | 'fixed' = 'saturated'): Metric {
  return (run, { processes }) => {
    const names = processes.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name)
    return sum(names.map(name => run[load].cpu[name] ?? 0))
  }
}

export function summarize({ subjects }: Result): Summary {
  const kinds = [...new Set(subjects.flatMap(({ processes }) => processes.map(({ kind }) => kind)))]
  const compared = { ...metrics, ...Object.fromEntries(kinds.map(kind => [kind, cpuOf([kind])])) }
  const again = subjects.find(({ role }) => role === 'again')!
  const measuredTwice = again.against[0]!
  const named = (name: string) => subjects.find(subject => subject.name === name)!
  const floor = Object.fromEntries(
    Object.entries(compared).flatMap(([name, metric]) => {
      const [one, same] = [valuesOf(named(measuredTwice), metric), valuesOf(again, metric)]
      return isThere(one, same) ? [[name, noise(one, same)] as const] : []
    }),
  )
  const comparisons = subjects.flatMap(subject =>
    subject.against.map(to => ({ of: subject.name, to, factors: factorsOf(subject, named(to)) })),
  )
  const voided = sum(subjects.map(subject => subject.void))
  const others = median(subjects.flatMap(({ runs }) => runs.map(run => run.others)))
  return { kinds, rows: subjects.map(rowOf), comparisons, noise: floor, measuredTwice, void: voided, others }

  function factorsOf(of: SubjectResult, to: SubjectResult): Record<string, Factor> {
    return Object.fromEntries(
      Object.entries(compared).flatMap(([name, metric]) => {
        const [ours, theirs] = [valuesOf(of, metric), valuesOf(to, metric)]
        if (!isThere(ours, theirs)) return []
        const value = ratio(ours, theirs)
        const difference = Math.max(value, 1 / value) - 1
        return [[name, { value, isClaimed: difference > (floor[name] ?? Number.POSITIVE_INFINITY) }] as const]
      }),
    )
  }
}

function rowOf(subject: SubjectResult): Row {
  const { processes, runs } = subject
  const over = (metric: Metric) => measured(valuesOf(subject, metric))
  const kinds = [...new Set(processes.map(({ kind }) => kind))]
  const pods = [...new Set(processes.map(({ pod }) => pod))]
  const latency = (key: keyof Latencies) => over(run => run.fixed.latency[key])
  const mebibytes = (pod: string, key: 'own' | 'resident') =>
    median(runs.map(run => run.memory[pod]![key])) / 2 ** 20
  return {
    subject,
    byKind: Object.fromEntries(kinds.map(kind => [kind, over(cpuOf([kind]))])),
    byProcess: Object.fromEntries(
      processes.map(({ name }) => [name, over(run => run.saturated.cpu[name] ?? 0)]),
    ),
    cpu: over(cpuOf(dataPath)),
    cpuAtRate: over(cpuOf(dataPath, 'fixed')),
    rate: over(run => run.saturated.rate),
    latency: { p50: latency('p50'), p90: latency('p90'), p99: latency('p99'), p999: latency('p999') },
    memory: Object.fromEntries(
      pods.map(pod => [pod, { own: mebibytes(pod, 'own'), resident: mebibytes(pod, 'resident') }]),
    ),
  }
}

function valuesOf(subject: SubjectResult, metric: Metric): number[] {
  return subject.runs.map(run => metric(run, subject))
}

function isThere(...values: number[][]): boolean {
  return values.flat().every(value => value > 0)
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
