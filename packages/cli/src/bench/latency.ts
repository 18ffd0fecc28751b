import { quantile } from './statistics.ts'

/** A request of a load by the clock. Times in microseconds. */
export interface Sent {
  connection: number
  /** Which of its connection's requests it is, from 0. */
  number: number
  /** Since 1970. */
  sent: number
  /** Until the answer was there. */
  took: number
}

/** Fortio's timetable. */
export interface Timetable {
  /** Microseconds since 1970. */
  start: number
  connections: number
  /** Requests per second of all connections. */
  rate: number
  /** How many each connection sends. */
  each: number
}

/** What this share of callers waited at most, in milliseconds. */
export interface Latencies {
  p50: number
  p90: number
  p99: number
  p999: number
}

/**
 * What callers waited. A request counts from when it was sent; but if its connection was still waiting for the answer
 * before when it was due, it counts from when it was due.
 */
export function latenciesOf(requests: Sent[], timetable: Timetable): Latencies {
  const waited: number[] = []
  const freeAt = new Map<number, number>()
  for (const request of requests.toSorted((a, b) => a.number - b.number)) {
    const { connection, sent, took } = request
    const due = dueTime(request, timetable)
    const wasBusy = (freeAt.get(connection) ?? 0) > due
    waited.push((wasBusy ? sent - due : 0) + took)
    freeAt.set(connection, sent + took)
  }
  const percentile = (share: number) => quantile(waited, share) / 1000
  return { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), p999: percentile(0.999) }
}

/** As Fortio has it (periodic.go, runOne): connections begin one after the other, and the last request ends the time. */
function dueTime({ connection, number }: Sent, { start, connections, rate, each }: Timetable): number {
  const interval = (connections / rate) * 1e6
  return start + interval * (connection / connections + number + number / (each - 1))
}
