import type { LogRecord } from './log-record.ts'

/** A record, and what happened meanwhile on its behalf. */
export interface Step {
  record: LogRecord
  within: Step[]
}

/** Milliseconds that a step may begin before the one that it is in: services know the time to the millisecond. */
const tolerance = 1

/**
 * Puts the records of one request in order. Each was written when its part ended; here each stands in the one that caused it,
 * in the order in which they began. Where one workload called another twice at the same time, either call may be shown with
 * either answer: logs cannot tell them apart.
 * @returns the records that nobody here caused: the gateway's, if its line is there
 */
export function journey(records: LogRecord[]): Step[] {
  const steps = records
    .toSorted((a, b) => a.start - b.start || depth(a) - depth(b))
    .map((record): Step => ({ record, within: [] }))
  const taken = new Set<string>()
  return steps.filter(step => {
    const causes = steps.filter(other => other !== step && isCause(other.record, step.record))
    const free = causes.filter(cause => !taken.has(place(cause, step)))
    const cause = free.find(({ record }) => contains(record, step.record)) ?? free[0] ?? causes[0]
    if (!cause) return true
    // One call has one answer; only an application may call many.
    if (step.record.hop !== 'outbound') taken.add(place(cause, step))
    cause.within.push(step)
    return false
  })

  function place(cause: Step, { record }: Step): string {
    return `${steps.indexOf(cause)} ${record.hop}`
  }
}

/** Whether one may be what made the other happen. */
function isCause(cause: LogRecord, { hop, workload, peer }: LogRecord): boolean {
  const inPod = cause.workload === workload
  switch (hop) {
    case 'gateway':
      return false
    case 'inbound': {
      const calls = cause.hop === 'gateway' || cause.hop === 'outbound'
      return calls && nameOf(cause.upstream) === workload && nameOf(peer) === cause.workload
    }
    case 'opa':
      return inPod && (cause.hop === 'gateway' || cause.hop === 'inbound')
    case 'application':
      return inPod && cause.hop === 'inbound'
    case 'outbound':
      return inPod && cause.hop === 'application'
  }
}

function contains(outer: LogRecord, inner: LogRecord): boolean {
  return inner.start >= outer.start - tolerance && end(inner) <= end(outer) + tolerance
}

function end({ start, duration_us = 0 }: LogRecord): number {
  return start + duration_us / 1000
}

/** For two that began in the same moment. */
function depth({ hop }: LogRecord): number {
  return ['gateway', 'inbound', 'opa', 'application', 'outbound'].indexOf(hop)
}

/** A SPIFFE ID as people say it: `calculator`, `client/bob`. */
export function nameOf(id: string | undefined): string | undefined {
  return id?.replace(/^spiffe:\/\/[^/]*\//, '')
}
