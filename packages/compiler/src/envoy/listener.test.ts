import { expect, test } from 'vitest'
import { plain } from '../annotated.ts'
import { dockerNetwork } from '../docker-network.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { gatewayHttpFilters, inboundHttpFilters, outboundHttpFilters } from './http-filters.ts'
import { gatewayListener, inboundListener, outboundListener } from './listener.ts'

const mesh: EnvoyMesh = {
  workloads: {
    front: { serves: 'http', calls: ['add', 'page'] },
    add: { serves: 'grpc' },
    page: { serves: 'http' },
  },
  gateway: { calls: ['front'] },
  sidecars: { timeout: '3s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
}

/** What of a listener's HTTP connection manager is looked at here. */
interface Manager {
  route_config: { virtual_hosts: { domains: string[]; routes: { route: object }[] }[] }
  local_reply_config?: { mappers: { filter: { status_code_filter: { comparison: { op: string } } } }[] }
  use_remote_address?: boolean
}

function managerOf(listener: unknown): Manager {
  const { filter_chains } = plain(listener) as { filter_chains: { filters: { typed_config: Manager }[] }[] }
  return filter_chains[0]!.filters[0]!.typed_config
}

function inbound(name: string): Manager {
  const pod = { name, workload: name, number: 2, replica: 1 }
  return managerOf(inboundListener(mesh, pod, mesh.workloads[name]!, dockerNetwork))
}

const deadline = { max_stream_duration: '3s', grpc_timeout_header_max: '3s' }

test('HTTP has a timeout, gRPC a deadline', () => {
  const route = (manager: Manager) => manager.route_config.virtual_hosts[0]!.routes[0]!.route
  expect(route(inbound('page'))).toEqual({ cluster: 'application', timeout: '3s' })
  expect(route(inbound('add'))).toEqual({ cluster: 'application', max_stream_duration: deadline })
})

test('an application reaches each of its upstreams by name, and nobody else', () => {
  const pod = { name: 'front', workload: 'front', number: 2, replica: 1 }
  const { route_config } = managerOf(outboundListener(mesh, pod, ['add', 'page'], dockerNetwork))
  expect(route_config.virtual_hosts.map(({ domains, routes }) => [domains, routes[0]!.route])).toEqual([
    [['add'], { cluster: 'add', max_stream_duration: deadline }],
    [['page'], { cluster: 'page', timeout: '3s' }],
  ])
})

test("Envoy's own answers to HTTP are problems, from the narrow to the wide; to gRPC they are statuses", () => {
  const { local_reply_config } = inbound('page')
  const operators = local_reply_config!.mappers.map(({ filter }) => filter.status_code_filter.comparison.op)
  expect(operators).toEqual(['EQ', 'EQ', 'LE', 'EQ'])
  expect(inbound('add')).not.toHaveProperty('local_reply_config')
})

test('only the gateway trusts no header', () => {
  expect(managerOf(gatewayListener(mesh, dockerNetwork)).use_remote_address).toBe(true)
  expect(inbound('page')).not.toHaveProperty('use_remote_address')
})

test('only an application that speaks HTTP is told how long it may take', () => {
  const isSilent = (filters: unknown[]) => JSON.stringify(plain(filters)).includes('suppress_envoy_headers')
  expect(isSilent(inboundHttpFilters({}, 'http', ''))).toBe(false)
  expect(isSilent(inboundHttpFilters({}, 'grpc', ''))).toBe(true)
  expect(isSilent(gatewayHttpFilters({}, ''))).toBe(true)
})

test('the router comes last', () => {
  for (const filters of [
    gatewayHttpFilters({}, ''),
    inboundHttpFilters({}, 'http', ''),
    inboundHttpFilters({}, 'grpc', ''),
    outboundHttpFilters(),
  ]) {
    expect(plain(filters.at(-1))).toMatchObject({ name: 'envoy.filters.http.router' })
  }
})
