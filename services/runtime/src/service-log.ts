import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino'
import { SettingError } from './setting.ts'

/** A request that has ended, by the names that every log of the mesh uses (packages/compiler/src/envoy/access-log.ts). */
export interface EndedRequest {
  /** ISO 8601. */
  start_time: string
  request_id: string | undefined
  method: string
  /** Without its query. */
  path: string
  /** Of the HTTP answer; nothing if the caller was gone before it. */
  status?: number
  /** By its name: `OK`. */
  grpc_status?: string
  duration_us: number
}

/** Measures a request from now on until it has ended. */
export function startRequest(): () => Pick<EndedRequest, 'start_time' | 'duration_us'> {
  const start_time = new Date().toISOString()
  const begun = performance.now()
  return () => ({ start_time, duration_us: Math.round((performance.now() - begun) * 1000) })
}

/** Where a service tells what happens. */
export interface ServiceLog {
  say(text: string): void
  /** @param what  was tried */
  error(what: string, error: unknown): void
  /** Tells of a request that has ended. Before chapter 07 services do not. */
  request?(ended: EndedRequest): void
  /** Returns when all of it is written. */
  close(): Promise<void>
}

/**
 * The log of a service: plain text, or, where the setting LOG_BUFFER says how many bytes of it may wait, JSON.
 * @param workload  which service it is
 */
export function serviceLog(workload: string): ServiceLog {
  const { LOG_BUFFER: buffer } = process.env
  return buffer === undefined ? plainLog(workload) : jsonLog(workload, bytesOf(buffer))
}

function plainLog(workload: string): ServiceLog {
  return {
    say: text => console.log(`${workload} ${text}`),
    error: (what, error) => console.error(`${what}:`, error),
    close: async () => {},
  }
}

function jsonLog(workload: string, maxLength: number): ServiceLog {
  // A write never waits for who reads. What does not fit into the buffer meanwhile is lost.
  const stdout = destination({ dest: 1, sync: false, maxLength })
  return logTo(stdout, workload, () => new Promise(flushed => stdout.flush(() => flushed())))
}

/** The same, to anywhere. */
function logTo(stream: DestinationStream, workload: string, close: () => Promise<void>): ServiceLog {
  const formatters = { level: (level: string) => ({ level }) }
  const log = pino({ base: { workload }, timestamp: stdTimeFunctions.isoTime, formatters }, stream)
  const requests = log.child({ hop: 'application' })
  return {
    say: text => log.info(text),
    error: (what, error) => log.error({ err: error }, what),
    request: ended => requests.info(ended),
    close,
  }
}

function bytesOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new SettingError('LOG_BUFFER', `is "${text}"; a number of bytes is expected, such as 1048576`)
}
