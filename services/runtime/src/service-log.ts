import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino'
import { SettingError, setting } from './setting.ts'

/** A request that has ended, by the names that every log of the mesh uses (packages/compiler/src/envoy/access-log.ts). */
export interface EndedRequest {
  /** ISO 8601. */
  start_time: string
  request_id: string | undefined
  /** By which Zipkin knows it; from chapter 09 on. */
  trace_id?: string | undefined
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
 * The log of a service: plain text, or JSON where LOG_BUFFER says how many bytes of it may wait for who reads it, and LOG_FLUSH
 * how many milliseconds a line may wait until it is written.
 * @param workload  which service it is
 */
export function serviceLog(workload: string): ServiceLog {
  if (process.env.LOG_BUFFER === undefined) return plainLog(workload)
  return jsonLog(workload, wholeNumber('LOG_BUFFER'), wholeNumber('LOG_FLUSH'))
}

function plainLog(workload: string): ServiceLog {
  return {
    say: text => console.log(`${workload} ${text}`),
    error: (what, error) => console.error(`${what}:`, error),
    close: async () => {},
  }
}

/** So many bytes are worth a write; each costs as much as all else that is done for a line. */
const minLength = 4096

function jsonLog(workload: string, maxLength: number, periodicFlush: number): ServiceLog {
  // A write never waits for who reads. What does not fit into the buffer meanwhile is lost.
  const stdout = destination({ dest: 1, sync: false, minLength, maxLength, periodicFlush })
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

function wholeNumber(name: string): number {
  const value = setting(name)
  if (/^[1-9]\d{0,9}$/.test(value)) return Number(value)
  throw new SettingError(name, `is "${value}"; a whole number is expected, such as 250`)
}
