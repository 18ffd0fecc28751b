import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { plain } from '../annotated.ts'
import { dockerNetwork } from '../docker-network.ts'
import type { Mesh } from '../mesh.ts'
import { parseDefinition } from '../parse-mesh.ts'
import { type Network, type PodName, pods } from '../pod.ts'
import { randomMesh } from '../random-mesh.ts'
import { envoyApi } from './envoy-api.ts'
import { bootstraps, envoyConfigs } from './envoy-configs.ts'
import { requireValid } from './require-valid.ts'

const descriptors = new URL('../../envoy-api/envoy-api.binpb.gz', import.meta.url)
const api = envoyApi(gunzipSync(readFileSync(descriptors)))

const host = ({ number, replica }: PodName) => `127.0.${number}.${replica}`
const oneMachine: Network = {
  published: '127.0.0.1',
  listen: host,
  loopback: host,
  dial: host,
  dialCopy: host,
  folder: () => '',
}

const told = { token: 'token', registration: 'registration', authority: 'authority', svid: '{pod}' }

const sidecars = { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' }
const mesh: Mesh = {
  workloads: { front: { serves: 'http', calls: ['add'] }, add: { serves: 'grpc', replicas: 2 } },
  gateway: { calls: ['front'] },
  sidecars,
}

test('a mesh without sidecars has no Envoys', () => {
  expect(envoyConfigs({ workloads: mesh.workloads! }, dockerNetwork)).toEqual(new Map())
})

test('each pod has a file', () => {
  expect([...envoyConfigs(mesh, dockerNetwork).keys()]).toEqual([
    'gateway.yaml',
    'front.yaml',
    'add.yaml',
    'add-2.yaml',
  ])
})

test('a file of docker names a workload once, whatever its copies; on one machine each has an address', () => {
  const endpoints = (network: Network) => {
    const { static_resources } = parse(envoyConfigs(mesh, network).get('front.yaml')!)
    const add = static_resources.clusters.find(({ name }: { name: string }) => name === 'add')
    return add.load_assignment.endpoints[0].lb_endpoints.map(
      ({ endpoint }: { endpoint: { address: { socket_address: { address: string } } } }) =>
        endpoint.address.socket_address.address,
    )
  }
  expect(endpoints(dockerNetwork)).toEqual(['add'])
  expect(endpoints(oneMachine)).toEqual(['127.0.3.1', '127.0.3.2'])
})

test('one more copy changes one file on docker: its own', () => {
  const before = envoyConfigs(mesh, dockerNetwork)
  const workloads = { ...mesh.workloads!, add: { serves: 'grpc' as const, replicas: 3 } }
  const after = envoyConfigs({ ...mesh, workloads }, dockerNetwork)
  expect([...after.keys()].filter(file => after.get(file) !== before.get(file))).toEqual(['add-3.yaml'])
})

test('whatever the mesh, its Envoys are told what Envoy takes, and the text says the same', () => {
  fc.assert(
    fc.property(randomMesh, fc.constantFrom(dockerNetwork, oneMachine), (mesh, network) => {
      const definition = parseDefinition(stringify(mesh))
      expect(definition.mesh).toEqual(mesh)
      const texts = envoyConfigs(mesh, network)
      for (const [file, bootstrap] of bootstraps(mesh, network)) {
        requireValid(api, api.bootstrap, file, bootstrap, definition.placeOf)
        expect(parse(texts.get(file)!)).toEqual(plain(bootstrap))
      }
    }),
    { numRuns: 50 },
  )
}, 30_000)

test('whatever the mesh, no two processes have one name or one address, and each Envoy has its file', () => {
  fc.assert(
    fc.property(randomMesh, mesh => {
      const processes = pods(mesh, oneMachine, told).flatMap(({ processes }) => processes)
      const names = processes.map(({ name }) => name)
      const addresses = processes.flatMap(({ listens }) => listens)
      expect(new Set(names).size).toBe(names.length)
      expect(new Set(addresses).size).toBe(addresses.length)
      const files = processes.flatMap(process => (process.program === 'envoy' ? [process.config] : []))
      expect(files).toEqual([...envoyConfigs(mesh, oneMachine).keys()])
    }),
    { numRuns: 50 },
  )
})

test('an Envoy listens where its process says', () => {
  fc.assert(
    fc.property(randomMesh, mesh => {
      const texts = envoyConfigs(mesh, oneMachine)
      for (const process of pods(mesh, oneMachine, told).flatMap(({ processes }) => processes)) {
        if (process.program !== 'envoy') continue
        const { static_resources, admin } = parse(texts.get(process.config)!)
        const addresses = [...static_resources.listeners, admin].map(({ address: { socket_address } }) => {
          return `${socket_address.address}:${socket_address.port_value}`
        })
        expect(addresses).toEqual(process.listens)
      }
    }),
    { numRuns: 50 },
  )
}, 30_000)
