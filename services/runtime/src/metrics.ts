import { type ELDHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, Histogram, Registry } from 'prom-client'

/** What a process counts about itself, from chapter 08 on. */
export interface Metrics {
  /**
   * Begins to time a request; the function that it gives ends it.
   * @param operation  a name that the program has, never one that a caller made up: each is kept for ever
   */
  time(operation: string): (status: string) => void
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>
  contentType: string
}

/** In seconds: this calculator needs less than a millisecond, and gives up after two seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** How often the event loop is looked at, in milliseconds. Each look wakes a process that has nothing else to do. */
const resolution = 100

/** Counts into a registry of its own: two applications in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const duration = new Histogram({
    name: 'calculator_request_duration_seconds',
    help: 'How long requests took, by operation and by how they ended.',
    labelNames: ['operation', 'status'] as const,
    buckets,
    registers,
  })
  const lag = monitorEventLoopDelay({ resolution })
  lag.enable()
  new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How much later than asked for the event loop came round, since this was last read.',
    labelNames: ['quantile'] as const,
    registers,
    collect() {
      for (const [quantile, seconds] of lagsOf(lag)) this.set({ quantile }, seconds)
      lag.reset()
    },
  })
  return {
    time: operation => {
      const end = duration.startTimer({ operation })
      return status => end({ status })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** In seconds by quantile. Nothing is known before the first look. */
function lagsOf(lag: ELDHistogram): [string, number][] {
  if (lag.count === 0) return []
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolution / 1e3)
  return [
    ['0.5', seconds(lag.percentile(50))],
    ['0.99', seconds(lag.percentile(99))],
    ['1', seconds(lag.max)],
  ]
}
