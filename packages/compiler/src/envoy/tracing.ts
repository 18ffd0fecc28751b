import { zipkin } from '../addon.ts'
import { commented, flow, from, paragraph } from '../annotated.ts'
import type { Hop } from './access-log.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { batchTimeout, spans, spansPath } from './spans.ts'
import { typedConfig } from './typed-config.ts'

/** What an Envoy tells Zipkin about each request, from chapter 09 on. */
export function tracing(mesh: EnvoyMesh, hop: Hop): Record<string, unknown> {
  if (!mesh.tracing) return {}
  const { sampling } = mesh.tracing
  const settings = {
    random_sampling: commented(
      flow({ value: from(['tracing', 'sampling'], sampling) }),
      'percent, decided at the gateway; whoever is asked after it does as it did',
    ),
    client_sampling: commented(flow({ value: 0 }), 'whoever asks for a trace (x-client-trace-id) gets none'),
    spawn_upstream_span: commented(true, 'two spans: from when it came in, and from when it went on'),
    operation: hop,
    upstream_operation: 'to %UPSTREAM_CLUSTER%',
    custom_tags: tags(mesh, hop),
    provider: { name: 'envoy.tracers.zipkin', typed_config: tracer() },
  }
  return paragraph('09: A span for each request, in one trace with all that it causes.', {
    tracing: settings,
  })
}

function tracer(): unknown {
  const http_uri = { uri: `http://${zipkin.pod.name}${spansPath}`, cluster: spans, timeout: batchTimeout }
  return typedConfig('envoy.config.trace.v3.ZipkinConfig', {
    collector_service: { http_uri: flow(http_uri) },
    collector_endpoint_version: commented(
      'HTTP_JSON',
      "in HTTP_PROTO the bytes of each ID are in reverse (1.40): they would not be those of the services' spans",
    ),
    trace_id_128bit: commented(true, 'as W3C wants it'),
    shared_span_context: commented(false, 'each span has an ID of its own'),
    trace_context_option: commented(
      'USE_B3_WITH_W3C_PROPAGATION',
      "the header traceparent, too, which the services know; Zipkin's own is b3",
    ),
  })
}

/** The same names as in the logs. */
function tags({ jwt, identity, authorization }: EnvoyMesh, hop: Hop): unknown[] {
  const decision = ['rule', 'reason'].map(key => [
    key,
    `%DYNAMIC_METADATA(envoy.filters.http.ext_authz:${key})%`,
  ])
  const values = [
    ['details', '%RESPONSE_CODE_DETAILS%'],
    ...(identity && hop === 'inbound' ? [['peer', '%DOWNSTREAM_PEER_URI_SAN%']] : []),
    ...(jwt && hop !== 'outbound'
      ? [['person', '%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:jwt:sub)%']]
      : []),
    ...(authorization && hop !== 'outbound' ? decision : []),
  ]
  return [
    commented(
      flow({ tag: 'http.url', value: '%PATH(NQ:PATH):256%' }),
      'without its query: whoever puts a token there shall not find it here',
    ),
    ...values.map(([tag, value]) => flow({ tag, value })),
  ]
}

/** What strangers say about traces. Whoever could write here would decide what is traced, and add to the traces of others. */
const traceHeaders = [
  ...['traceparent', 'tracestate', 'b3'],
  ...['x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'],
]

/** At the edge: every trace begins here. */
export function trustNoTrace({ tracing }: EnvoyMesh): Record<string, unknown> {
  if (!tracing) return {}
  const settings = typedConfig(
    'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
    {
      mutations: traceHeaders.map(remove => flow({ remove })),
    },
  )
  return {
    early_header_mutation_extensions: commented(
      [{ name: 'envoy.http.early_header_mutation.header_mutation', typed_config: settings }],
      '09: nor does a stranger say what is traced',
    ),
  }
}
