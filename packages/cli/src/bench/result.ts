import type { Latencies } from './latency.ts'
import type { Machine } from './machine.ts'
import type { Memory } from './memory.ts'
import type { Plan } from './plan.ts'

/** Everything that was measured, as it is kept in a file. */
export interface Result {
  /** ISO 8601. */
  date: string
  machine: Machine
  plan: Plan
  subjects: SubjectResult[]
}

export interface SubjectResult {
  name: string
  title: string
  /** A variant is a chapter with a setting changed. */
  role: 'chapter' | 'again' | 'baseline' | 'variant'
  /** Those that it is compared with, by name. */
  against: string[]
  processes: MeasuredProcess[]
  /** How many runs were taken again, because a request failed or the load fell behind. */
  void: number
  /** One for each round. */
  runs: Run[]
}

/** A process, and what counts as its kind: `application`, `Envoy` … */
export interface MeasuredProcess {
  name: string
  pod: string
  kind: string
}

export interface Run {
  saturated: Work
  fixed: Work & { latency: Latencies }
  /** By pod, after both. */
  memory: Record<string, Memory>
  /** The share of the measured processor that others had meanwhile: whatever else ran on the machine. */
  others: number
}

/** What was done, and what it took. */
export interface Work {
  requests: number
  seconds: number
  /** Answers per second. */
  rate: number
  /** Processor time per request in microseconds, by process. */
  cpu: Record<string, number>
}

/** The result as JSON, a line for each run: a person can look into it, and a change of it can be read. */
export function resultText({ subjects, ...head }: Result): string {
  const lines = subjects.map(({ runs, ...subject }) => {
    const all = runs.map(run => `        ${JSON.stringify(run, rounded)}`).join(',\n')
    const fields = JSON.stringify(subject).slice(1, -1)
    return `    {\n      ${fields},\n      "runs": [\n${all}\n      ]\n    }`
  })
  const fields = JSON.stringify(head, null, 2).slice(0, -2)
  return `${fields},\n  "subjects": [\n${lines.join(',\n')}\n  ]\n}\n`
}

/** To what a measurement can tell; more digits would only be longer. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value
}
