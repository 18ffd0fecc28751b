import { expect, test } from 'vitest'
import { edgesOf } from './edges.ts'

const mesh = {
  gateway: { calls: ['calculator'] },
  workloads: { calculator: { serves: 'http', calls: ['add'] }, add: { serves: 'grpc' } },
} as const

const sample = (name: string, source: string, destination: string, value: number) => ({
  labels: { __name__: name, source, destination },
  value,
})

test('every edge of the mesh has its line, in the order of requests', () => {
  const edges = edgesOf(structuredClone(mesh) as never, [
    sample('edge:requests:rate1m', 'calculator', 'add', 2),
    sample('edge:errors:ratio1m', 'calculator', 'add', 0.5),
    sample('edge:duration_ms:p50_1m', 'calculator', 'add', 1.5),
    sample('edge:duration_ms:p99_1m', 'calculator', 'add', Number.NaN), // nobody asked
    sample('edge:requests:rate1m', 'calculator', 'divide', 2), // no edge of this mesh
  ])
  const nothing = { requests: null, errors: null, p50: null, p99: null }
  expect(edges).toEqual([
    { source: 'outside', destination: 'gateway', ...nothing },
    { source: 'gateway', destination: 'calculator', ...nothing },
    { source: 'calculator', destination: 'add', requests: 2, errors: 0.5, p50: 1.5, p99: null },
  ])
})
