import { describe } from '../bench/machine.ts'
import type { Result } from '../bench/result.ts'
import { type Summary, summarize } from '../bench/summary.ts'
import {
  comparisonTable,
  cpuTable,
  markdown,
  memoryTable,
  number,
  passed,
  processTable,
  speedTable,
} from '../bench/tables.ts'
import { fillBetweenMarkers } from './markers.ts'

/** US dollars for an hour of one processor: about what large clouds ask for an ordinary one, by the hour. */
const price = 0.04

/**
 * Writes what was measured between `<!-- costs: NAME -->` and `<!-- /costs -->`: a table, or the sentences about the machine.
 * @throws CliError `bad_page`
 */
export function withCosts(page: string, file: string, result: Result): string {
  const summary = summarize(result)
  const parts: Record<string, () => string> = {
    machine: () => machine(result, summary),
    cpu: () => markdown(cpuTable(summary, result.plan)),
    processes: () => markdown(processTable(summary)),
    comparison: () => markdown(comparisonTable(summary)),
    speed: () => markdown(speedTable(summary, result.plan)),
    memory: () => markdown(memoryTable(summary)),
    million: () => million(summary),
    edge: () => edge(summary),
  }
  return fillBetweenMarkers(page, file, 'costs', '<!-- costs: cpu -->', what => parts[what]?.())
}

function machine({ date, machine, plan }: Result, { void: voided, others }: Summary): string {
  const { node, envoy, fortio } = machine
  return [
    `Measured on ${date.slice(0, 10)} on ${describe(machine)};`,
    `Node ${node}, Envoy ${envoy}, Fortio ${fortio}.`,
    `${plan.rounds} runs of each, ${plan.saturated.seconds} s without a pause and ${plan.fixed.seconds} s at ${plan.fixed.rate} requests per second.`,
    ...(voided > 0
      ? [`${voided} more were void, for a request failed or left too late, and were taken again.`]
      : []),
    `Meanwhile others used ${Math.round(others * 100)} % of the processor that was measured.`,
  ].join('\n')
}

/** A microsecond for each of a million requests is a second. */
function million({ rows, kinds: all }: Summary): string {
  const shown = rows.filter(({ subject }) => subject.role !== 'again')
  const kinds = passed(all)
  const title = `A million requests in seconds of one processor, and in US cents at ${price} dollars per processor hour`
  return markdown({
    title,
    head: ['', 'seconds', ...kinds.map(kind => `${kind}, cents`), 'data path, cents'],
    rows: shown.map(({ subject, cpu, byKind }) => [
      subject.title,
      number(cpu.median),
      ...kinds.map(kind => (byKind[kind] ? cents(byKind[kind].median) : '')),
      cents(cpu.median),
    ]),
  })
}

/** What it costs to cross from one pod into the next: out through one Envoy, in through another. */
function edge({ rows }: Summary): string {
  const meshes = rows.filter(({ subject, byKind }) => subject.role !== 'again' && byKind.Envoy)
  const title =
    'An edge, from one pod into the next, through two Envoys, in microseconds; and a million of them in US cents'
  return markdown({
    title,
    head: ['', 'microseconds', 'cents'],
    rows: meshes.map(({ subject, byKind }) => {
      const each = byKind.Envoy!.median / edges
      return [subject.title, number(each), cents(each)]
    }),
  })
}

/** A request for a sum crosses two: from the gateway to calculator, and from calculator to add. */
const edges = 2

/** What a million times so many microseconds cost, in US cents. */
function cents(microseconds: number): string {
  return number((microseconds / 3600) * price * 100)
}
