import { describe, expect, test } from 'vitest'
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
  http_filters: { name: string; typed_config: Record<string, unknown> }[]
  route_config: {
    virtual_hosts: { domains: string[]; routes: { route: object }[]; typed_per_filter_config?: object }[]
  }
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
    outboundHttpFilters({}),
  ]) {
    expect(plain(filters.at(-1))).toMatchObject({ name: 'envoy.filters.http.router' })
  }
})

describe('with people who may do something', () => {
  const known: EnvoyMesh = {
    ...mesh,
    identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
    jwt: { audience: 'front', ttl: '5m' },
    authorization: { timeout: '0.25s', people: { alice: { may: ['add'] } } },
  }
  const pod = { name: 'add-2', workload: 'add', number: 3, replica: 2 }
  const add = managerOf(inboundListener(known, pod, known.workloads.add!, dockerNetwork))
  const gateway = managerOf(gatewayListener(known, dockerNetwork))

  test('who it is comes first, then whether he may, and then the way', () => {
    for (const { http_filters } of [add, gateway]) {
      expect(http_filters.map(({ name }) => name)).toEqual([
        'envoy.filters.http.jwt_authn',
        'envoy.filters.http.ext_authz',
        'envoy.filters.http.router',
      ])
    }
  })

  test('without an answer of OPA nobody comes in, and it is a 503', () => {
    expect(add.http_filters[1]!.typed_config).toMatchObject({
      failure_mode_allow: false,
      status_on_error: { code: 'ServiceUnavailable' },
      grpc_service: { timeout: '0.25s' },
    })
  })

  test('OPA is told which workload asks, whichever copy it is, and of headers none that a caller can write', () => {
    const asks = ({ route_config }: Manager) => route_config.virtual_hosts[0]!.typed_per_filter_config
    const who = (workload: string) => ({
      'envoy.filters.http.ext_authz': {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
        check_settings: { context_extensions: { workload: `spiffe://hardway.test/${workload}` } },
      },
    })
    expect(asks(add)).toEqual(who('add'))
    expect(asks(gateway)).toEqual(who('gateway'))
    expect(add.http_filters[1]!.typed_config).toMatchObject({
      allowed_headers: { patterns: [{ exact: 'x-request-id' }] },
    })
  })

  test('what an application asks of others is decided where it arrives', () => {
    const front = { name: 'front', workload: 'front', number: 2, replica: 1 }
    const outbound = managerOf(outboundListener(known, front, ['add'], dockerNetwork))
    expect(outbound.http_filters).toHaveLength(1)
    expect(outbound.route_config.virtual_hosts[0]).not.toHaveProperty('typed_per_filter_config')
  })
})
