import { expect, test } from 'vitest'
import { dockerNetwork } from './docker-network.ts'
import type { Mesh } from './mesh.ts'
import { type NodeProcess, pods } from './pod.ts'

const files = { token: 'token', registration: 'registration', authority: 'authority', svid: '{pod}' }
const workloads: Mesh['workloads'] = {
  calculator: { serves: 'http', calls: ['add'] },
  add: { serves: 'grpc', replicas: 2 },
}
const mesh: Mesh = {
  workloads,
  gateway: { calls: ['calculator'] },
  sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
}

test('without sidecars applications are open to other pods, and call each other', () => {
  const [calculator, add, ...others] = pods({ workloads }, dockerNetwork, files)
  expect(calculator!.processes).toEqual([
    {
      name: 'calculator',
      program: 'node',
      service: 'calculator',
      environment: {
        HTTP_ADDRESS: '0.0.0.0:8080',
        HEALTH_ADDRESS: '127.0.0.1:8081',
        TOKEN_FILE: 'token',
        ADD_ADDRESS: 'add:50051',
      },
      listens: ['0.0.0.0:8080', '127.0.0.1:8081'],
      ready: 'http://127.0.0.1:8081/readyz',
    },
  ])
  expect(add!.processes[0]).toMatchObject({ environment: { GRPC_ADDRESS: '0.0.0.0:50051' } })
  expect(others).toEqual([]) // nobody would spread requests over copies
})

test('with sidecars only Envoys are open to other pods', () => {
  const all = pods(mesh, dockerNetwork, files)
  expect(all.map(({ processes }) => processes.map(({ name }) => name))).toEqual([
    ['gateway'],
    ['calculator', 'calculator-envoy'],
    ['add', 'add-envoy'],
    ['add-2', 'add-2-envoy'],
  ])
  const listening = all.flatMap(({ processes }) => processes.map(({ name, listens }) => [name, listens]))
  expect(Object.fromEntries(listening)).toEqual({
    gateway: ['0.0.0.0:8080', '127.0.0.1:15000'],
    calculator: ['127.0.0.1:8080', '127.0.0.1:8081'],
    'calculator-envoy': ['0.0.0.0:15006', '127.0.0.1:15001', '127.0.0.1:15000'],
    add: ['127.0.0.1:50051', '127.0.0.1:8081'],
    'add-envoy': ['0.0.0.0:15006', '127.0.0.1:15000'],
    'add-2': ['127.0.0.1:50051', '127.0.0.1:8081'],
    'add-2-envoy': ['0.0.0.0:15006', '127.0.0.1:15000'],
  })
})

test('with people who may do something, each Envoy has an OPA beside it, open to nobody else', () => {
  const authorization = { timeout: '0.25s', people: { alice: { may: ['add'] } } }
  const all = pods({ ...mesh, authorization }, dockerNetwork, files)
  const opas = all.map(({ processes }) => processes.filter(({ program }) => program === 'opa'))
  expect(opas.flat().map(({ name }) => name)).toEqual([
    'gateway-opa',
    'calculator-opa',
    'add-opa',
    'add-2-opa',
  ])
  expect(opas[2]).toEqual([
    {
      name: 'add-opa',
      program: 'opa',
      api: '127.0.0.1:8181',
      listens: ['127.0.0.1:9191', '127.0.0.1:8181'],
      ready: 'http://127.0.0.1:8181/health?plugins',
    },
  ])
})

test('with sidecars an application calls others at its own sidecar', () => {
  const calculator = pods(mesh, dockerNetwork, files)[1]!.processes[0] as NodeProcess
  expect(calculator.environment.ADD_ADDRESS).toBe('127.0.0.1:15001')
})

test('copies have the same number and service, and names of their own', () => {
  const copies = pods(mesh, dockerNetwork, files).slice(2)
  expect(copies).toMatchObject([
    { name: 'add', workload: 'add', number: 3, replica: 1 },
    {
      name: 'add-2',
      workload: 'add',
      number: 3,
      replica: 2,
      processes: [{ service: 'add' }, { config: 'add-2.yaml' }],
    },
  ])
})

test('with numbers that are read there is a pod of Prometheus, with an Envoy and no OPA, and a door at the gateway', () => {
  const counting: Mesh = {
    ...mesh,
    identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
    authorization: { timeout: '0.25s', people: {} },
    metrics: { interval: '5s', retention: '24h' },
  }
  const all = pods(counting, dockerNetwork, files)
  const prometheus = all.find(({ name }) => name === 'prometheus')!
  expect(prometheus.processes.map(({ name, listens }) => [name, listens])).toEqual([
    ['prometheus', ['127.0.0.1:9090']],
    ['prometheus-envoy', ['0.0.0.0:15006', '127.0.0.1:15001', '0.0.0.0:15020', '127.0.0.1:15000']],
  ])
  const envoys = all.flatMap(({ processes }) => processes.filter(({ program }) => program === 'envoy'))
  for (const { listens } of envoys) expect(listens).toContain('0.0.0.0:15020')
  expect(envoys[0]).toMatchObject({ name: 'gateway', listens: expect.arrayContaining(['0.0.0.0:9090']) })
  const settings = all.flatMap(({ processes }) => processes.filter(({ program }) => program === 'node'))
  expect(settings.map(process => (process as NodeProcess).environment.METRICS)).toEqual([
    ...Array(3).fill('true'),
    undefined, // the identity service, which nobody can reach
  ])
})
