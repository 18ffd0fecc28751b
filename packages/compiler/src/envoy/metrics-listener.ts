import { prometheus } from '../addon.ts'
import { commented, flow } from '../annotated.ts'
import { type Network, type PodName, ports } from '../pod.ts'
import { address } from './address.ts'
import { loopbackCluster } from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { httpConnectionManager, inboundLimits, onePathSpelling } from './http-connection-manager.ts'
import { forwardHttpFilters } from './http-filters.ts'
import { listener } from './listener.ts'
import { downstreamTls } from './tls.ts'

/** What its numbers are called. */
export const metricsPrefix = 'metrics'

/** Clusters in the pod itself. No workload has such names: a host's has no underscore. */
const [envoyAdmin, applicationMetrics] = ['envoy_admin', 'application_metrics']

/**
 * Where Prometheus reads what a pod has counted. Nobody else can, and nothing else is to be had.
 * @param hasApplication  whether somebody beside this Envoy counts, too
 */
export function metricsListener(
  { sidecars, identity, metrics }: EnvoyMesh,
  pod: PodName,
  network: Network,
  hasApplication: boolean,
): unknown[] {
  if (!metrics || !identity) return []
  const routes = [
    route('/stats/prometheus', envoyAdmin, sidecars.timeout),
    ...(hasApplication ? [route('/metrics', applicationMetrics, sidecars.timeout)] : []),
  ]
  const virtual_hosts = [{ name: 'metrics', domains: flow(['*']), routes }]
  const guards = { ...onePathSpelling, ...inboundLimits(identity) }
  const manager = httpConnectionManager(metricsPrefix, { virtual_hosts }, forwardHttpFilters, guards)
  const only = { workload: prometheus.pod.name, comment: 'who comes for the numbers, and nobody else' }
  return [
    listener(
      commented('metrics', '08: what this pod has counted'),
      address(network.listen(pod), ports.metrics),
      manager,
      downstreamTls(identity, network.folder(pod), only),
      { stat_prefix: metricsPrefix },
    ),
  ]
}

/** Where the numbers are. */
export function metricsClusters(
  { sidecars, metrics }: EnvoyMesh,
  pod: PodName,
  network: Network,
  hasApplication: boolean,
): unknown[] {
  if (!metrics) return []
  return [
    loopbackCluster(envoyAdmin, ports.admin, pod, network, sidecars),
    ...(hasApplication ? [loopbackCluster(applicationMetrics, ports.health, pod, network, sidecars)] : []),
  ]
}

/** Reading only, and this very path. */
function route(path: string, cluster: string, timeout: string): unknown {
  const headers = [{ name: ':method', string_match: { exact: 'GET' } }]
  return { match: flow({ path, headers }), route: flow({ cluster, timeout }) }
}
