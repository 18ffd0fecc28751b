import { styleText } from 'node:util'
import { meaningsOf } from '@hardway/compiler/response-flags'
import { nameOf, type Step } from './journey.ts'
import type { LogRecord } from './log-record.ts'

/** The journey of a request as an indented tree: who, what, how it ended, how long it took, and what else is known. */
export function showJourney(steps: Step[]): string {
  const rows = steps.flatMap(step => rowsOf(step, 0))
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(([who = '', what = '', end = '', time = '', more = '']) =>
      [
        who.padEnd(widths[0]!),
        what.padEnd(widths[1]!),
        end.padEnd(widths[2]!),
        time.padStart(widths[3]!),
        more,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function rowsOf({ record, within }: Step, depth: number): string[][] {
  const row = [
    `${'  '.repeat(depth)}${who(record)}`,
    what(record),
    ending(record),
    time(record),
    more(record),
  ]
  return [row, ...within.flatMap(step => rowsOf(step, depth + 1))]
}

/** One record on one line, for who watches a log. */
export function showRecord(record: LogRecord): string {
  const clock = new Date(record.start).toISOString().slice(11, 23)
  const failed = (record.status ?? 0) >= 500 || isFailed(record)
  const refused = record.allowed === false || (record.status ?? 0) >= 400
  const colour = failed ? 'red' : refused ? 'yellow' : 'green'
  return [
    styleText('dim', clock),
    styleText('bold', who(record).padEnd(19)),
    what(record),
    styleText(colour, ending(record)),
    time(record).trim(),
    more(record),
    styleText('dim', record.request_id),
  ]
    .filter(part => part !== '')
    .join('  ')
}

/** Another line of JSON, such as that a process is ready. */
export function showMessage(process: string, { time, level, msg }: Record<string, unknown>): string {
  const clock = `${time}`.slice(11, 23).padEnd(12)
  return [styleText('dim', clock), styleText('bold', process.padEnd(19)), level, msg].join('  ')
}

function isFailed({ grpc_status }: LogRecord): boolean {
  return grpc_status !== undefined && !['OK', 'PERMISSION_DENIED', 'UNAUTHENTICATED'].includes(grpc_status)
}

function who({ workload, hop }: LogRecord): string {
  if (hop === 'gateway' || hop === 'application') return workload
  return `${workload} ${hop === 'opa' ? 'OPA' : hop}`
}

/** A gRPC method is a path; its HTTP method is always POST. */
function what({ method = '', path = '', grpc_status }: LogRecord): string {
  return grpc_status === undefined ? `${method} ${path}`.trim() : path
}

function ending({ hop, allowed, status, grpc_status }: LogRecord): string {
  if (hop === 'opa' && allowed !== undefined) return allowed ? 'yes' : 'no'
  return grpc_status ?? `${status || '-'}`
}

function time({ duration_us }: LogRecord): string {
  return duration_us === undefined ? '' : `${(duration_us / 1000).toFixed(2)} ms`
}

function more(record: LogRecord): string {
  const denied = record.allowed === false
  return [parties(record), decision(record), candidate(record), ...(denied ? [] : troubles(record))]
    .filter(Boolean)
    .join('; ')
}

function parties({ hop, peer, person, upstream }: LogRecord): string {
  return [
    peer && `from ${nameOf(peer)}`,
    hop === 'outbound' && upstream && `to ${nameOf(upstream)}`,
    person && `for ${nameOf(person)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function decision({ allowed, rule, reason }: Pick<LogRecord, 'allowed' | 'rule' | 'reason'>): string {
  if (allowed === undefined) return ''
  return allowed ? 'allowed' : `denied by ${rule}: ${reason}`
}

function candidate({ dry_run }: LogRecord): string {
  return dry_run ? `the candidate would have ${decision(dry_run)}` : ''
}

/** What else than a denial went wrong between here and there. */
function troubles({ response_flags = '-', details, upstream_failure }: LogRecord): (string | undefined)[] {
  const flags = response_flags === '-' ? '' : `${response_flags}: ${meaningsOf(response_flags).join(', ')}`
  return [flags, details === 'via_upstream' ? '' : details, upstream_failure]
}
