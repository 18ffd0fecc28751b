import { chapter, type Mesh, meshOf, pods } from '@hardway/compiler'
import { expect, test } from 'vitest'
import { loopback } from './network.ts'
import { stopOrder } from './stop-order.ts'

const mesh: Mesh = {
  workloads: {
    add: { serves: 'grpc', replicas: 2 },
    calculator: { serves: 'http', calls: ['add', 'average'] },
    average: { serves: 'grpc', calls: ['add'] },
  },
  gateway: { calls: ['calculator'] },
  sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  jwt: { audience: 'calculator', ttl: '5m' },
  authorization: { timeout: '0.25s', people: {} },
}

/** The names of processes that are stopped together, first to last. */
function stages(slug: string): string[][] {
  const seen = meshOf(mesh, chapter(slug))
  const order = stopOrder(seen, pods(seen, { ...loopback('127.0.0.1', '127.0'), folder: () => '' }, files))
  const places = [...new Set(order.values())].sort((a, b) => a - b)
  return places.map(place => [...order].filter(([, other]) => other === place).map(([name]) => name))
}

test('an Envoy before the OPA that it asks', () => {
  expect(stages('06').slice(0, 5)).toEqual([
    ['identity'],
    ['gateway'],
    ['gateway-opa'],
    ['calculator'],
    ['calculator-envoy'],
  ])
})

const files = { token: 'token', registration: 'registration', authority: 'authority', svid: '{pod}' }

test('callers stop before those whom they call, however long the way to them', () => {
  expect(stages('02')).toEqual([['calculator'], ['average'], ['add']])
})

test('the gateway stops first, and an application before its sidecar', () => {
  expect(stages('03')).toEqual([
    ['gateway'],
    ['calculator'],
    ['calculator-envoy'],
    ['average'],
    ['average-envoy'],
    ['add', 'add-2'],
    ['add-envoy', 'add-2-envoy'],
  ])
})
