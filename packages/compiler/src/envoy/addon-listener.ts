import type { Addon } from '../addon.ts'
import { commented, flow, paragraph } from '../annotated.ts'
import { gatewayPod, type Network, type PodName, podNames, ports } from '../pod.ts'
import { address } from './address.ts'
import { application } from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import {
  edgeLimits,
  httpConnectionManager,
  inboundLimits,
  onePathSpelling,
  outboundLimits,
  trustNoHeaders,
} from './http-connection-manager.ts'
import { forwardHttpFilters } from './http-filters.ts'
import { listener } from './listener.ts'
import { localReply } from './local-reply.ts'
import { rbac } from './rbac.ts'
import { route, virtualHost } from './route.ts'
import { spansPath } from './spans.ts'
import { downstreamTls } from './tls.ts'

/** The operator's way from the gateway to an add-on. */
export function doorListener(
  { sidecars, logs }: EnvoyMesh,
  { pod, port, readOnly }: Addon,
  network: Network,
): unknown {
  const hosts = ['localhost', '127.0.0.1']
  const virtual_hosts = [virtualHost(pod.name, hosts, route(pod.name, 'http', sidecars), {}, readOnly)]
  const guards = {
    ...paragraph(
      'A page in a browser may have its own name point to 127.0.0.1, and would then read what is here. So no other host name is answered.',
      { strip_any_host_port: true },
    ),
    ...trustNoHeaders,
    ...onePathSpelling,
    ...edgeLimits,
    ...localReply(pod.name, logs ? { logs } : {}),
  }
  const manager = httpConnectionManager(pod.name, { virtual_hosts }, forwardHttpFilters, guards)
  const name = commented(pod.name, "the operator's door; compose.yaml opens it on 127.0.0.1 only")
  return listener(name, address(network.published, port), manager)
}

/** Where the operator comes in to Prometheus, by way of the gateway. */
export function prometheusInboundListener(mesh: EnvoyMesh, { pod }: Addon, network: Network): unknown {
  const only = { workload: gatewayPod.workload, comment: 'it brings the operator; nobody else comes in' }
  return addonInboundListener(mesh, pod, network, [], only)
}

/** Where everybody's spans come in, and the operator. Each of the workloads may add to traces; nobody but the operator reads them. */
export function zipkinInboundListener(mesh: EnvoyMesh, { pod }: Addon, network: Network): unknown {
  const operator = gatewayPod.workload
  const workloads = [operator, ...podNames(mesh).keys()]
  const filter = rbac(mesh.identity!, {
    spans: { method: 'POST', path: spansPath, workloads },
    operator: { method: 'GET', workloads: [operator] },
  })
  return addonInboundListener(mesh, pod, network, [filter])
}

function addonInboundListener(
  { sidecars, identity }: EnvoyMesh,
  pod: PodName,
  network: Network,
  filters: unknown[],
  only?: Parameters<typeof downstreamTls>[2],
): unknown {
  const virtual_hosts = [virtualHost(application, ['*'], route(application, 'http', sidecars))]
  const guards = { ...onePathSpelling, ...inboundLimits(identity) }
  const manager = httpConnectionManager(
    'inbound',
    { virtual_hosts },
    [...filters, ...forwardHttpFilters],
    guards,
  )
  const secured = downstreamTls(identity!, network.folder(pod), only)
  return listener('inbound', address(network.listen(pod), ports.inbound), manager, secured)
}

/** Where Prometheus comes in, on its way to the numbers of all pods, each by its name. */
export function scrapeListener(
  { sidecars }: EnvoyMesh,
  { pod }: Addon,
  targets: PodName[],
  network: Network,
): unknown {
  const virtual_hosts = targets.map(({ name }) => ({
    name,
    domains: flow([name]),
    routes: [flow({ match: { prefix: '/' }, route: { cluster: name, timeout: sidecars.timeout } })],
  }))
  const manager = httpConnectionManager('outbound', { virtual_hosts }, forwardHttpFilters, outboundLimits)
  const name = commented('outbound', 'its proxy (prometheus.yaml): each pod by its name')
  return listener(name, address(network.loopback(pod), ports.outbound), manager)
}
