import { commented, flow, from } from '../annotated.ts'
import type { Sidecars, Workload } from '../mesh.ts'
import { type Network, type PodName, ports } from '../pod.ts'
import { address } from './address.ts'
import { clusterBufferLimit } from './buffer-limit.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { opa } from './ext-authz.ts'
import { applicationHttp2, podHttp2 } from './http2-protocol-options.ts'
import { upstreamTls } from './tls.ts'
import { typedConfig } from './typed-config.ts'

type Limits = Pick<Sidecars, 'max_connections' | 'max_requests'>

/** The name of the cluster that is the pod's own application. No workload may have it. */
export const application = 'application'

/** The application beside a sidecar. */
export function applicationCluster(
  { serves }: Workload,
  pod: PodName,
  network: Network,
  sidecars: Sidecars,
): unknown {
  const protocol =
    serves === 'http' ? flow({ http_protocol_options: {} }) : { http2_protocol_options: applicationHttp2 }
  const endpoint = address(network.loopback(pod), ports[serves])
  return { name: application, ...cluster(application, [endpoint], protocol, sidecars) }
}

/** The OPA beside an Envoy. */
export function opaCluster(pod: PodName, network: Network, sidecars: Sidecars): unknown {
  const endpoint = address(network.loopback(pod), ports.opa)
  const protocol = { http2_protocol_options: applicationHttp2 }
  return { name: commented(opa, '06: decides'), ...cluster(opa, [endpoint], protocol, sidecars) }
}

/** Something else in the pod that speaks HTTP. */
export function loopbackCluster(
  name: string,
  port: number,
  pod: PodName,
  network: Network,
  sidecars: Sidecars,
): Record<string, unknown> {
  const endpoint = address(network.loopback(pod), port)
  return { name, ...cluster(name, [endpoint], flow({ http_protocol_options: {} }), sidecars) }
}

/**
 * The numbers of one other pod.
 * @param caller  whose Envoy reads them
 */
export function metricsCluster(
  { sidecars, identity }: EnvoyMesh,
  pod: PodName,
  network: Network,
  caller: PodName,
): unknown {
  const endpoint = address(network.dialCopy(pod), ports.metrics)
  const protocol = { http2_protocol_options: podHttp2 }
  const secured = upstreamTls(identity!, pod.workload, network.folder(caller))
  return { name: pod.name, type: 'STRICT_DNS', ...cluster(pod.name, [endpoint], protocol, sidecars, secured) }
}

/**
 * The sidecars of another workload, in all its pods.
 * @param caller  whose Envoy calls them
 */
export function podCluster(
  { sidecars, identity }: EnvoyMesh,
  name: string,
  pods: PodName[],
  network: Network,
  caller: PodName,
): unknown {
  const hosts = new Set(pods.map(pod => network.dial(pod)))
  const endpoints = [...hosts].map(host => address(host, ports.inbound))
  const protocol = { http2_protocol_options: podHttp2 }
  const secured = identity ? upstreamTls(identity, name, network.folder(caller)) : {}
  return { name, type: 'STRICT_DNS', ...cluster(name, endpoints, protocol, sidecars, secured) }
}

/**
 * @param limits   how much of it one Envoy may use at the same time
 * @param secured  what secures the connections to it, if anything does
 */
export function cluster(
  name: string,
  endpoints: unknown[],
  protocol: unknown,
  limits: Limits,
  secured: object = {},
): object {
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'
  return {
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: endpoints.map(address => ({ endpoint: flow({ address }) })) }],
    },
    ...secured,
    typed_extension_protocol_options: {
      [options]: typedConfig(options, {
        explicit_http_config: protocol,
        common_http_protocol_options: commented(
          flow({ idle_timeout: '60s' }),
          'the other side waits longer, so that no request meets a hang-up',
        ),
      }),
    },
    connect_timeout: commented('1s', 'a neighbour answers in milliseconds, or not at all'),
    per_connection_buffer_limit_bytes: clusterBufferLimit,
    circuit_breakers: commented({ thresholds: flow([thresholds(limits)]) }, 'past these, 503 at once'),
  }
}

/** Requests that wait for a new connection count as pending: of these there may be as many as of all. */
function thresholds({ max_connections, max_requests }: Limits): unknown {
  const requests = from(['sidecars', 'max_requests'], max_requests)
  return {
    max_connections: from(['sidecars', 'max_connections'], max_connections),
    max_pending_requests: requests,
    max_requests: requests,
  }
}
