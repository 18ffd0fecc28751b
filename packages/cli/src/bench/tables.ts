import { table } from '../table.ts'
import type { Plan } from './plan.ts'
import type { Measured } from './statistics.ts'
import { type Comparison, dataPath, type Factor, type Row, type Summary } from './summary.ts'

/** A table, for a terminal or for a page. */
export interface Table {
  /** What it shows, and in which unit. */
  title: string
  head: string[]
  rows: string[][]
}

/** All that a benchmark has to say. */
export function tablesOf(summary: Summary, plan: Plan): Table[] {
  return [
    cpuTable(summary, plan),
    comparisonTable(summary),
    speedTable(summary, plan),
    processTable(summary),
    memoryTable(summary),
  ]
}

export function cpuTable({ kinds, rows }: Summary, { rounds, saturated, fixed }: Plan): Table {
  return {
    title: `Processor time per request in microseconds, over ${saturated.connections} connections that never pause: median of ${rounds} runs (least to most)`,
    head: ['', ...passed(kinds), 'data path', `data path, at ${fixed.rate} requests/s`, ...lookingOn(kinds)],
    rows: rows.map(row => [
      row.subject.title,
      ...passed(kinds).map(kind => spread(row.byKind[kind])),
      spread(row.cpu),
      spread(row.cpuAtRate),
      ...lookingOn(kinds).map(kind => spread(row.byKind[kind])),
    ]),
  }
}

export function comparisonTable({ kinds, rows, comparisons, noise, measuredTwice }: Summary): Table {
  const metrics = [...passed(kinds), 'data path', 'requests/s', 'p50', 'p90', 'p99', 'p99.9']
  const shown = comparisons.filter(({ of }) => roleOf(rows, of) !== 'again')
  const title = `How many times as much. "≈": no more than the noise, by which two runs of ${measuredTwice} may differ`
  return {
    title,
    head: ['', ...metrics],
    rows: [
      ...shown.map(({ of, to, factors }) => [
        `${titleOf(rows, of)} / ${titleOf(rows, to)}`,
        ...metrics.map(metric => factorText(factors[metric])),
      ]),
      ['noise', ...metrics.map(metric => (noise[metric] === undefined ? '' : percent(noise[metric])))],
    ],
  }
}

export function speedTable({ rows }: Summary, { fixed, rounds }: Plan): Table {
  return {
    title: `Requests per second that one processor carries; and what callers wait, in milliseconds, at ${fixed.rate} requests per second: median of ${rounds} runs (least to most)`,
    head: ['', 'requests/s', 'p50', 'p90', 'p99', 'p99.9'],
    rows: rows.map(({ subject, rate, latency: { p50, p90, p99, p999 } }) => [
      subject.title,
      ...[rate, p50, p90, p99, p999].map(spread),
    ]),
  }
}

export function processTable({ rows }: Summary): Table {
  const names = [...new Set(rows.flatMap(({ byProcess }) => Object.keys(byProcess)))]
  const busy = names.filter(name => rows.some(({ byProcess }) => (byProcess[name]?.median ?? 0) >= 5))
  return {
    title: 'The same by process, in microseconds; those that a request does not pass are left out',
    head: ['', ...busy],
    rows: rows.map(({ subject, byProcess }) => [subject.title, ...busy.map(name => spread(byProcess[name]))]),
  }
}

export function memoryTable({ rows }: Summary): Table {
  const pods = [...new Set(rows.flatMap(({ memory }) => Object.keys(memory)))]
  return {
    title:
      "Memory of each pod in MiB after the load: its own / with its programs' files, which copies on one machine share",
    head: ['', ...pods],
    rows: rows.map(({ subject, memory }) => [
      subject.title,
      ...pods.map(pod => {
        const used = memory[pod]
        return used ? `${number(used.own)} / ${number(used.resident)}` : ''
      }),
    ]),
  }
}

/** For a terminal. */
export function plainText({ title, head, rows }: Table): string[] {
  return [title, ...table([head, ...rows]).map(line => `  ${line}`)]
}

/** For a page. */
export function markdown({ title, head, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const align = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [`${title}:`, '', line(head), line(align), ...rows.map(line)].join('\n')
}

/** Of the kinds of process, those that a request passes. */
export function passed(kinds: string[]): string[] {
  return kinds.filter(kind => dataPath.includes(kind))
}

/** And those that only look at the mesh: what they need is no part of the data path. */
function lookingOn(kinds: string[]): string[] {
  return kinds.filter(kind => !dataPath.includes(kind))
}

function titleOf(rows: Row[], name: string): string {
  return rows.find(({ subject }) => subject.name === name)!.subject.title
}

function roleOf(rows: Row[], name: Comparison['of']): string {
  return rows.find(({ subject }) => subject.name === name)!.subject.role
}

function spread(value: Measured | undefined): string {
  if (!value) return ''
  return `${number(value.median)} (${number(value.least)} to ${number(value.most)})`
}

function factorText(factor: Factor | undefined): string {
  if (!factor) return ''
  return `${factor.isClaimed ? '' : '≈ '}${factor.value.toFixed(2)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

/** With as many digits as there is something to say: `0.25`, `2.1`, `48`, `16,200`. */
export function number(value: number): string {
  if (value >= 10_000) return (Math.round(value / 100) * 100).toLocaleString('en')
  if (value >= 10) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 1 ? 1 : 2)
}
