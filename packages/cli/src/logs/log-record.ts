import type { LogLine } from '../platform.ts'

const hops = ['gateway', 'inbound', 'outbound', 'application', 'opa'] as const

/** What somebody wrote about one request, by the names that every log of the mesh uses. */
export interface LogRecord {
  /** Milliseconds since 1970. */
  start: number
  request_id: string
  /** In whose pod. */
  workload: string
  /** Who in the pod it was. */
  hop: (typeof hops)[number]
  method?: string
  path?: string
  status?: number
  grpc_status?: string
  /** Nothing if no answer came to its end. */
  duration_us?: number
  /** The SPIFFE ID of who called. */
  peer?: string
  /** The SPIFFE ID on whose behalf. */
  person?: string
  /** The SPIFFE ID of who answered. */
  upstream?: string
  upstream_failure?: string
  response_flags?: string
  details?: string
  allowed?: boolean
  rule?: string
  reason?: string
  /** What a candidate for the policy would have decided, if otherwise. */
  dry_run?: Pick<LogRecord, 'allowed' | 'rule' | 'reason'>
}

/** What a line says about a request; nothing if it is about something else. */
export function logRecord({ text }: LogLine): LogRecord | undefined {
  const line = json(text)
  if (!line) return undefined
  const record = line.decision_id === undefined ? line : opaRecord(line)
  const start = Date.parse(`${record.start_time}`) + microseconds(`${record.start_time}`)
  const isRecord =
    hops.some(hop => hop === record.hop) &&
    typeof record.request_id === 'string' &&
    typeof record.workload === 'string' &&
    !Number.isNaN(start)
  return isRecord ? ({ ...record, start } as unknown as LogRecord) : undefined
}

/** A line as JSON; nothing if it is other text. */
export function json(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** OPA has names of its own around what log.rego lets through. */
function opaRecord(line: Record<string, unknown>): Record<string, unknown> {
  const { timestamp, input, result, metrics } = line
  const { timer_server_handler_ns: time } = (metrics ?? {}) as Record<string, number | undefined>
  const duration = time === undefined ? {} : { duration_us: Math.round(time / 1000) }
  return { hop: 'opa', start_time: timestamp, ...duration, ...(input as object), ...(result as object) }
}

/** Date.parse() reads milliseconds only. */
function microseconds(time: string): number {
  const [, rest] = /\.\d{3}(\d{3})/.exec(time) ?? []
  return rest === undefined ? 0 : Number(rest) / 1000
}
