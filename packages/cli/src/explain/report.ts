import { styleText } from 'node:util'
import { table } from '../table.ts'
import type { Decision, Verdict } from './decision.ts'
import type { Decided } from './decision-log.ts'
import type { Hop } from './hops.ts'

/** A hop, and what the policy in front of it decides. */
export interface Judged {
  hop: Hop
  decision: Decision
}

/** A line for each hop: who asks whom, what is decided, by which rule and why; and what would have to be otherwise. */
export function journey(judged: Judged[]): string[] {
  const denied = judged.findIndex(({ decision }) => !decision.allowed)
  const isReached = (index: number) => denied === -1 || index <= denied
  const rows = judged.map(({ hop, decision }, index) => [
    hopText(hop),
    `${isReached(index) ? '' : 'would be '}${verdict(decision)}`,
    decision.rule,
    decision.reason ?? '',
  ])
  const lines = table(rows).flatMap((line, index) => {
    const { decision } = judged[index]!
    return [
      styleText(isReached(index) ? (decision.allowed ? 'green' : 'red') : 'dim', line),
      ...(decision.dryRun ? [styleText('yellow', `  the candidate: ${candidate(decision.dryRun)}`)] : []),
    ]
  })
  return [...lines, ...(denied === -1 ? [] : [conclusion(judged[denied]!)])]
}

/** How often a candidate would decide otherwise: by person and request, and in the order of a request's way in. */
export function differences(all: Decided[]): string[] {
  const groups = Object.groupBy(all, ({ person, hop, decision }) => {
    const { from = '', to, method } = hop
    return JSON.stringify([person, pathOf(hop), method, from, to, decision.allowed, decision.dryRun])
  })
  const rows = Object.keys(groups)
    .sort()
    .map(key => {
      const group = groups[key] as [Decided, ...Decided[]]
      const [{ person, hop, decision }] = group
      const change = `${verdict(decision)} now; the candidate: ${candidate(decision.dryRun!)}`
      return [`${group.length} x`, person, `${hop.method} ${pathOf(hop)}`, hopText(hop), change]
    })
  return table(rows)
}

function hopText({ from = 'outside', to }: Hop): string {
  return `${from} -> ${to}`
}

/** Without the operands: what is calculated is not what is decided on. */
function pathOf({ path }: Hop): string {
  return path.split('?')[0]!
}

function verdict({ allowed }: Verdict): string {
  return allowed ? 'allowed' : 'denied'
}

function candidate({ allowed, rule, reason }: Verdict): string {
  return `${verdict({ allowed, rule })}, ${rule}${reason ? `: ${reason}` : ''}`
}

function conclusion({ hop, decision: { status, needed } }: Judged): string {
  const door = `Denied in front of ${hop.to}${status ? `, with ${status}` : ''}.`
  return needed ? `${door} Needed: ${needed}.` : door
}
