import { commented, flow } from '../annotated.ts'
import type { Workload } from '../mesh.ts'
import { gatewayPod, type Network, type PodName, ports } from '../pod.ts'
import { accessLog, requestIdInAnswer } from './access-log.ts'
import { address } from './address.ts'
import { listenerBufferLimit } from './buffer-limit.ts'
import { application } from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { asksFor } from './ext-authz.ts'
import {
  edgeLimits,
  httpConnectionManager,
  inboundLimits,
  onePathSpelling,
  outboundLimits,
  trustNoHeaders,
} from './http-connection-manager.ts'
import { gatewayHttpFilters, inboundHttpFilters, outboundHttpFilters } from './http-filters.ts'
import { localReply } from './local-reply.ts'
import { route, virtualHost } from './route.ts'
import { downstreamTls } from './tls.ts'
import { tracing, trustNoTrace } from './tracing.ts'

/** Where strangers come in. */
export function gatewayListener(mesh: EnvoyMesh, network: Network): unknown {
  const { workloads, gateway, sidecars } = mesh
  const virtual_hosts = gateway.calls.map(name =>
    virtualHost(name, ['*'], route(name, workloads[name]!.serves, sidecars), asking(mesh, gatewayPod)),
  )
  const response_headers_to_remove = commented(
    flow(['server', 'x-envoy-upstream-service-time']),
    'a stranger need not know what is behind',
  )
  const routes = { virtual_hosts, response_headers_to_remove }
  const [upstream] = gateway.calls
  const guards = {
    ...trustNoHeaders,
    ...trustNoTrace(mesh),
    ...requestIdInAnswer(mesh),
    ...onePathSpelling,
    ...edgeLimits,
    ...localReply(upstream!, mesh),
    ...accessLog(mesh, gatewayPod.workload, 'gateway'),
    ...tracing(mesh, 'gateway'),
  }
  const manager = httpConnectionManager(
    'gateway',
    routes,
    gatewayHttpFilters(mesh, network.folder(gatewayPod)),
    guards,
  )
  return listener(gatewayPod.name, address(network.published, ports.http), manager)
}

/** Where other pods come in. */
export function inboundListener(
  mesh: EnvoyMesh,
  pod: PodName,
  { serves }: Workload,
  network: Network,
): unknown {
  const { sidecars, identity } = mesh
  const virtual_hosts = [
    virtualHost(application, ['*'], route(application, serves, sidecars), asking(mesh, pod)),
  ]
  const guards = {
    ...onePathSpelling,
    ...inboundLimits(identity),
    ...(serves === 'http' ? localReply(pod.workload, mesh) : {}), // to a gRPC call Envoy answers with a gRPC status
    ...accessLog(mesh, pod.workload, 'inbound'),
    ...tracing(mesh, 'inbound'),
  }
  const manager = httpConnectionManager(
    'inbound',
    { virtual_hosts },
    inboundHttpFilters(mesh, serves, network.folder(pod)),
    guards,
  )
  const secured = identity ? downstreamTls(identity, network.folder(pod)) : {}
  return listener('inbound', address(network.listen(pod), ports.inbound), manager, secured)
}

/** Where the application comes in, on its way to other pods. */
export function outboundListener(mesh: EnvoyMesh, pod: PodName, calls: string[], network: Network): unknown {
  const { workloads, sidecars } = mesh
  const virtual_hosts = calls.map(name =>
    virtualHost(name, [name], route(name, workloads[name]!.serves, sidecars)),
  )
  const guards = {
    ...outboundLimits,
    ...accessLog(mesh, pod.workload, 'outbound'),
    ...tracing(mesh, 'outbound'),
  }
  const manager = httpConnectionManager('outbound', { virtual_hosts }, outboundHttpFilters(mesh), guards)
  const name = commented('outbound', `${pod.workload} calls its neighbours here, by name (:authority)`)
  return listener(name, address(network.loopback(pod), ports.outbound), manager)
}

/** What OPA is told about who asks it, from the chapter on that has one. */
function asking({ identity, authorization }: EnvoyMesh, { workload }: PodName): object {
  return identity && authorization ? asksFor(identity, workload) : {}
}

/**
 * @param secured   what secures the connections to it, if anything does
 * @param settings  of its own
 */
export function listener(
  name: unknown,
  address: unknown,
  filter: unknown,
  secured: object = {},
  settings: object = {},
): unknown {
  return {
    name,
    ...settings,
    address,
    filter_chains: [{ ...secured, filters: [filter] }],
    per_connection_buffer_limit_bytes: listenerBufferLimit,
  }
}
