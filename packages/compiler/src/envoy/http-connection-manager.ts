import { commented, from, paragraph } from '../annotated.ts'
import { seconds } from '../lifetime.ts'
import type { Identity } from '../mesh.ts'
import { downstreamHttp2, edgeHttp2 } from './http2-protocol-options.ts'
import { typedConfig } from './typed-config.ts'

/**
 * The network filter that reads HTTP, in all its versions.
 * @param guards  what it refuses, limits and answers by itself
 */
export function httpConnectionManager(
  stat_prefix: string,
  route_config: unknown,
  http_filters: unknown[],
  guards: Record<string, unknown>,
): unknown {
  const type = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: typedConfig(type, { stat_prefix, route_config, http_filters, ...guards }),
  }
}

/** Against a stranger who claims to be somebody. */
export const trustNoHeaders = paragraph(
  'Who is calling is what the connection says. x-request-id and every x-envoy-* header of the caller are dropped, or a ' +
    'stranger could set our timeouts and retries.',
  {
    use_remote_address: true,
    server_header_transformation: commented('PASS_THROUGH', 'or Envoy writes its own name there'),
  },
)

export const onePathSpelling = paragraph(
  'One spelling for each path: a rule about /multiply cannot be walked round with //multiply or %6dultiply.',
  { normalize_path: true, merge_slashes: true, path_with_escaped_slashes_action: 'REJECT_REQUEST' },
)

const held = 'What one caller may hold, and for how long.'
const rejectUnderscores = commented('REJECT_REQUEST', 'some servers read x_user as x-user')
const idleTimeout = commented(
  '300s',
  'longer than callers keep a silent connection (60 s), so that they hang up, not we',
)
const streamIdleTimeout = commented('15s', 'the rest of an answer that the caller does not take')

const sidecarStreams = {
  stream_idle_timeout: streamIdleTimeout,
  stream_error_on_invalid_http_message: commented(
    true,
    'one bad request ends alone, not all on its connection',
  ),
  http2_protocol_options: downstreamHttp2,
}

/** The limits of a stranger. */
export const edgeLimits = paragraph(held, {
  common_http_protocol_options: {
    idle_timeout: commented('60s', 'a silent connection'),
    headers_with_underscores_action: rejectUnderscores,
  },
  request_headers_timeout: commented('5s', 'a header that trickles in byte by byte'),
  request_timeout: commented('10s', 'and a body that does'),
  stream_idle_timeout: streamIdleTimeout,
  http2_protocol_options: edgeHttp2,
})

/** The limits of another pod. */
export function inboundLimits(identity: Identity | undefined): Record<string, unknown> {
  return paragraph(held, {
    common_http_protocol_options: {
      idle_timeout: idleTimeout,
      headers_with_underscores_action: rejectUnderscores,
      ...(identity ? { max_connection_duration: connectionLife(identity) } : {}),
    },
    ...sidecarStreams,
  })
}

/** A certificate is looked at when a connection begins. It has half its life before it then, and the connection no more. */
function connectionLife({ svid_ttl }: Identity): unknown {
  const life = from(['identity', 'svid_ttl'], `${seconds(svid_ttl) / 2}s`)
  return commented(life, '04: no connection outlives the certificates that opened it')
}

/** The limits of the application. */
export const outboundLimits = paragraph(held, {
  common_http_protocol_options: { idle_timeout: idleTimeout },
  ...sidecarStreams,
})
