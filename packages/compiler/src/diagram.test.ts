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
