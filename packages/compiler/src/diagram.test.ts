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
