import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { commented, flow, from } from '../annotated.ts'
import { MeshError } from '../error.ts'
import { envoyApi } from './envoy-api.ts'
import { requireValid } from './require-valid.ts'
import { typedConfig } from './typed-config.ts'

const descriptors = new URL('../../envoy-api/envoy-api.binpb.gz', import.meta.url)
const api = envoyApi(gunzipSync(readFileSync(descriptors)))

const fixedHeap = 'envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig'

/** A bootstrap, good but for what is given. */
function bootstrap(cluster: object = {}, monitor: object = {}): unknown {
  const typed_config = typedConfig(fixedHeap, { max_heap_size_bytes: 1, ...monitor })
  return {
    node: flow({ id: 'add-1' }),
    static_resources: {
      clusters: [from(['workloads', 'add'], { name: 'add', connect_timeout: '1s', ...cluster })],
    },
    overload_manager: { resource_monitors: [commented({ name: 'heap', typed_config }, 'why')] },
  }
}

function check(bootstrap: unknown): void {
  requireValid(api, api.bootstrap, 'add.yaml', bootstrap, path => `mesh.yaml[${path}]`)
}

test('takes what Envoy takes', () => {
  expect(() => check(bootstrap())).not.toThrow()
  expect(() =>
    check(bootstrap({ type: 'STRICT_DNS', circuit_breakers: { thresholds: [{ max_requests: 1 }] } })),
  ).not.toThrow()
})

const cluster = 'static_resources.clusters[0]'
const add = 'mesh.yaml[workloads,add]'

test.each([
  ['a key that is misspelt', { naem: 'add' }, 'unknown_field', `${cluster}.naem`, 'Did you mean "name"?'],
  [
    'a key as JSON would have it',
    { connectTimeout: '1s' },
    'unknown_field',
    `${cluster}.connectTimeout`,
    'connect_timeout',
  ],
  [
    'a key in a message in a list',
    { load_assignment: { endpoints: [{ x: 1 }] } },
    'unknown_field',
    `${cluster}.load_assignment.endpoints[0].x`,
    'LocalityLbEndpoints',
  ],
  [
    'a field that goes away',
    { respect_dns_ttl: true },
    'deprecated_field',
    `${cluster}.respect_dns_ttl`,
    'deprecated',
  ],
  ['a choice that is none', { type: 'STRIKT' }, 'wrong_value', `${cluster}.type`, 'STRIKT'],
  [
    'a word instead of a number',
    { circuit_breakers: { thresholds: [{ max_requests: 'many' }] } },
    'wrong_value',
    `${cluster}.circuit_breakers.thresholds[0].max_requests`,
    'many',
  ],
  [
    'a duration without its unit',
    { connect_timeout: 1 },
    'wrong_value',
    `${cluster}.connect_timeout`,
    'Duration',
  ],
  [
    'one message instead of a list',
    { load_assignment: { endpoints: {} } },
    'wrong_value',
    `${cluster}.load_assignment.endpoints`,
    'endpoints',
  ],
  [
    'a value instead of a message',
    { load_assignment: 'add' },
    'wrong_value',
    `${cluster}.load_assignment`,
    'add',
  ],
])('%s is told with its path and its place', (_, wrong, code, path, says) => {
  const error = errorOf(bootstrap(wrong))
  expect(error).toMatchObject({ code, place: add })
  expect(error.message).toContain(`add.yaml, ${path}: `)
  expect(error.message).toContain(says)
})

test('looks into extensions', () => {
  const path = 'overload_manager.resource_monitors[0].typed_config'
  expect(errorOf(bootstrap({}, { max_heap: 1 })).message).toContain(
    `${path}.max_heap: ${fixedHeap} has no field`,
  )
  expect(errorOf(bootstrap({}, { max_heap_size_bytes: -1 })).message).toContain(
    `${path}.max_heap_size_bytes: `,
  )
  const unknown = errorOf(bootstrap({}, { '@type': 'type.googleapis.com/envoy.Nothing' }))
  expect(unknown.message).toContain(`${path}.@type: there is no message type.googleapis.com/envoy.Nothing`)
})

test('names the innermost part of mesh.yaml that led to it', () => {
  const timeout = from(['sidecars', 'timeout'], 'soon')
  expect(errorOf(bootstrap({ connect_timeout: timeout })).place).toBe('mesh.yaml[sidecars,timeout]')
})

function errorOf(bootstrap: unknown): MeshError {
  try {
    check(bootstrap)
  } catch (error) {
    expect(error).toBeInstanceOf(MeshError)
    return error as MeshError
  }
  throw new Error('nothing is wrong with it')
}
