import { expect, test } from 'vitest'
import { diagram } from './diagram.ts'
import type { Mesh } from './mesh.ts'

test('draws a monolith', () => {
  expect(diagram({ monolith: { serves: 'http' } })).toBe(
    'flowchart LR\n  curl([curl])\n  curl -- "HTTP :8080" --> monolith',
  )
})

test('draws who calls whom, and a workload that nobody calls', () => {
  const workloads: Mesh['workloads'] = {
    calculator: { serves: 'http', calls: ['add'] },
    add: { serves: 'grpc' },
    lonely: { serves: 'grpc' },
  }
  expect(diagram({ workloads })).toBe(`flowchart LR
  curl([curl])
  curl -- "HTTP :8080" --> calculator
  calculator -- "gRPC :50051" --> add
  lonely`)
})

test('draws pods with an Envoy and an application, and calls from Envoy to Envoy', () => {
  const mesh: Mesh = {
    workloads: { front: { serves: 'http', calls: ['add'] }, add: { serves: 'grpc', replicas: 2 } },
    gateway: { calls: ['front'] },
    sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
  }
  expect(diagram(mesh)).toBe(`flowchart LR
  curl([curl])
  subgraph gateway-pod ["gateway"]
    gateway-envoy[Envoy]
  end
  subgraph front-pod ["front"]
    front-envoy[Envoy]
    front
    front-envoy -- "HTTP :8080" --> front
    front -- ":15001" --> front-envoy
  end
  subgraph add-pod ["add, 2 copies"]
    add-envoy[Envoy]
    add
    add-envoy -- "gRPC :50051" --> add
  end
  curl -- "HTTP :8080" --> gateway-envoy
  gateway-envoy -- ":15006" --> front-envoy
  front-envoy -- ":15006" --> add-envoy`)
})

test('draws the OPA that an Envoy asks before it lets anything in', () => {
  const mesh: Mesh = {
    workloads: { front: { serves: 'http' } },
    gateway: { calls: ['front'] },
    sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
    identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
    jwt: { audience: 'front', ttl: '5m' },
    authorization: { timeout: '0.25s', people: {} },
  }
  const asks = (name: string) =>
    `    ${name}-opa[OPA]\n    ${name}-envoy -- "may it? :9191" --> ${name}-opa\n  end`
  expect(diagram(mesh)).toContain(asks('gateway'))
  expect(diagram(mesh)).toContain(asks('front'))
  const { authorization: _, ...before } = mesh
  expect(diagram(before)).not.toContain('OPA')
})
