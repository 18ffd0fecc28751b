import type { Mesh } from '@hardway/compiler'
import type { Sample } from './query.ts'

/** How one workload is served by another, in the last minute; null where nothing is known. */
export interface Edge {
  source: string
  destination: string
  /** A second. */
  requests: number | null
  /** From 0 to 1: how many of them failed. */
  errors: number | null
  /** In milliseconds; half of the answers, and 99 in 100, took no longer. */
  p50: number | null
  p99: number | null
}

/** By the names that the rules give them; see prometheus/08-prometheus/rules.yaml. */
const records = {
  requests: 'edge:requests:rate1m',
  errors: 'edge:errors:ratio1m',
  p50: 'edge:duration_ms:p50_1m',
  p99: 'edge:duration_ms:p99_1m',
}

/** Asks for all of it at once. */
export const edgesQuery = `{__name__=~"${Object.values(records).join('|')}"}`

/** The edges of a mesh, as its definition has them: where requests come from first. */
export function edgesOf({ gateway, workloads = {} }: Mesh, samples: Sample[]): Edge[] {
  const callers = Object.entries({ outside: { calls: ['gateway'] }, gateway, ...workloads })
  return callers.flatMap(([source, caller]) =>
    (caller?.calls ?? []).map(destination => {
      const numbers = Object.entries(records).map(([key, name]) => [key, numberOf(name, source, destination)])
      return { source, destination, ...Object.fromEntries(numbers) } as Edge
    }),
  )

  function numberOf(name: string, source: string, destination: string): number | null {
    const found = samples.find(
      ({ labels }) =>
        labels.__name__ === name && labels.source === source && labels.destination === destination,
    )
    return found && Number.isFinite(found.value) ? found.value : null
  }
}
