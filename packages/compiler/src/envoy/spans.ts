import { zipkin } from '../addon.ts'
import { commented, flow, paragraph } from '../annotated.ts'
import { type Network, type PodName, ports } from '../pod.ts'
import { address } from './address.ts'
import { cluster } from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { httpConnectionManager, outboundLimits } from './http-connection-manager.ts'
import { forwardHttpFilters } from './http-filters.ts'
import { podHttp2 } from './http2-protocol-options.ts'
import { listener } from './listener.ts'
import { upstreamTls } from './tls.ts'

/** The name of the way to Zipkin that spans take; no workload may have it. The operator's has Zipkin's own name. */
export const spans = 'spans'

/** Where Zipkin takes spans. */
export const spansPath = '/api/v2/spans'

/** How long Zipkin may take for a batch. Nobody waits for it meanwhile. */
export const batchTimeout = '1s'

/**
 * The way to Zipkin, for the spans of an Envoy and of the application beside it.
 * @param caller  whose Envoy takes it
 */
export function spansCluster({ tracing, identity }: EnvoyMesh, caller: PodName, network: Network): unknown[] {
  if (!tracing) return []
  const endpoint = address(network.dial(zipkin.pod), ports.inbound)
  const secured = upstreamTls(identity!, zipkin.pod.workload, network.folder(caller))
  const few = { max_connections: 1, max_requests: 16 } // at a time; each is a batch
  return [
    {
      name: commented(
        spans,
        '09: to Zipkin. More than a few batches on their way, and the next is dropped: memory is bounded',
      ),
      type: 'STRICT_DNS',
      ...cluster(spans, [endpoint], { http2_protocol_options: podHttp2 }, few, secured),
    },
  ]
}

/** Where the application brings its own spans. */
export function spansListener({ tracing }: EnvoyMesh, pod: PodName, network: Network): unknown[] {
  if (!tracing) return []
  const match = { path: spansPath, headers: [{ name: ':method', string_match: { exact: 'POST' } }] }
  const routes = [{ match: flow(match), route: flow({ cluster: spans, timeout: batchTimeout }) }]
  const virtual_hosts = [{ name: spans, domains: flow(['*']), routes }]
  const manager = httpConnectionManager(spans, { virtual_hosts }, forwardHttpFilters, outboundLimits)
  const name = commented(spans, '09: the application brings its own spans here')
  return [listener(name, address(network.loopback(pod), zipkin.port), manager)]
}

/** How many spans an Envoy collects before it sends them, and for how long. */
export function spanBatches({ tracing }: EnvoyMesh): Record<string, unknown> {
  if (!tracing) return {}
  const static_layer = {
    'tracing.zipkin.min_flush_spans': commented(100, 'not after every five'),
    'tracing.zipkin.flush_interval_ms': commented(500, 'and not every five seconds'),
    'tracing.zipkin.request_timeout': Number.parseFloat(batchTimeout) * 1000,
  }
  return paragraph('09: Spans are sent in batches: a batch costs as much as a request.', {
    layered_runtime: { layers: [{ name: 'tracing', static_layer }] },
  })
}
