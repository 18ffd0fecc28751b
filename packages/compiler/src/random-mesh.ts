import fc from 'fast-check'
import type { Mesh, Workload } from './mesh.ts'
import { ruleProblems } from './mesh-rules.ts'

/** For tests: meshes that are in order, of any shape. A workload calls later ones only, and the first serves HTTP. */
export const randomMesh: fc.Arbitrary<Mesh> = fc
  .uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z])?$/), { minLength: 1, maxLength: 6 })
  .chain(names =>
    fc.tuple(...names.map((name, index) => fc.tuple(fc.constant(name), workload(names.slice(index + 1))))),
  )
  .chain(entries => {
    const workloads = Object.fromEntries(entries)
    entries[0]![1].serves = 'http'
    return fc.record({
      workloads: fc.constant(workloads),
      gateway: fc.constant<{ calls: string[] }>({ calls: [entries[0]![0]] }),
      sidecars: fc.record({
        timeout: fc.constantFrom('0.25s', '5s', '10s'),
        max_connections: fc.integer({ min: 1, max: 10_000 }),
        max_requests: fc.integer({ min: 1, max: 100_000 }),
        max_heap: fc.constantFrom('32MiB', '256MiB', '4GiB'),
      }),
      logs: fc.record({
        flush: fc.constantFrom('0.001s', '0.25s', '10s'),
        buffer: fc.constantFrom('1MiB', '64MiB'),
      }),
    })
  })
  .chain(mesh => fc.constantFrom<Mesh>(mesh, { ...mesh, ...counting }, { ...mesh, ...counting, ...traced }))
  .filter(mesh => ruleProblems(mesh).length === 0) // a name may be taken

/** What a mesh needs, so that its numbers can be read. */
const counting: Mesh = {
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  metrics: { interval: '5s', retention: '24h' },
}

/** And so that its requests are traced. */
const traced: Mesh = { tracing: { sampling: 12.5, max_spans: 50_000 } }

function workload(upstreams: string[]): fc.Arbitrary<Workload> {
  return fc.record(
    {
      serves: fc.constantFrom('http', 'grpc'),
      calls: fc.subarray(upstreams),
      replicas: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ['serves'] },
  )
}
