import { commented, paragraph } from '../annotated.ts'
import type { Mesh } from '../mesh.ts'
import { typedConfig } from './typed-config.ts'

/** Where in a pod a request is seen. The application itself is the fourth place (services/runtime/src/service-log.ts). */
export type Hop = 'gateway' | 'inbound' | 'outbound'

/** By which a request is found in every log. The gateway's Envoy makes it. */
export const requestId = '%REQUEST_HEADER(X-REQUEST-ID)%'

/**
 * The line that an Envoy writes about each request, from chapter 07 on.
 * @param workload  whose Envoy it is
 */
export function accessLog(mesh: Mesh, workload: string, hop: Hop): Record<string, unknown> {
  if (!mesh.logs) return {}
  const log_format = {
    omit_empty_values: commented(true, 'what has no value is left out'),
    json_format: { ...request(mesh, workload, hop), ...answer(), ...who(mesh, hop), ...decision(mesh, hop) },
  }
  const settings = typedConfig('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', { log_format })
  return paragraph(
    '07: A line for each request, when it has ended; every log of the mesh uses these names.',
    {
      access_log: [{ name: 'envoy.access_loggers.stdout', typed_config: settings }],
    },
  )
}

/** From chapter 07 on the caller learns under which ID its request can be found. */
export function requestIdInAnswer({ logs }: Mesh): Record<string, unknown> {
  if (!logs) return {}
  return {
    always_set_request_id_in_response: commented(true, '07: so that a caller can ask about a request'),
  }
}

function request({ tracing }: Mesh, workload: string, hop: Hop): Record<string, unknown> {
  return {
    start_time: '%START_TIME(%Y-%m-%dT%H:%M:%S.%6fZ)%',
    request_id: requestId,
    ...(tracing ? { trace_id: commented('%TRACE_ID%', '09: by which Zipkin knows it') } : {}),
    workload,
    hop,
    method: '%REQUEST_HEADER(:METHOD):16%',
    path: commented(
      '%PATH(NQ:PATH):256%',
      'without its query: whoever puts a token there shall not find it here',
    ),
  }
}

function answer(): Record<string, unknown> {
  return {
    status: '%RESPONSE_CODE%',
    grpc_status: '%GRPC_STATUS(SNAKE_STRING)%',
    duration_us: '%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%',
    response_flags: commented('%RESPONSE_FLAGS%', 'what went wrong between here and there, in short'),
    response_flags_long: commented('%RESPONSE_FLAGS_LONG%', 'and in words'),
    details: commented('%RESPONSE_CODE_DETAILS%', 'who gave the answer, and why'),
  }
}

/** The identities that were verified here, and whom this Envoy called. */
function who({ identity, jwt }: Mesh, hop: Hop): Record<string, unknown> {
  const upstream = {
    ...(identity
      ? { upstream: commented('%UPSTREAM_PEER_URI_SAN%', 'who answered, as its certificate says') }
      : {}),
    upstream_address: '%UPSTREAM_HOST%',
    upstream_failure: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  }
  return {
    ...(identity && hop === 'inbound'
      ? { peer: commented('%DOWNSTREAM_PEER_URI_SAN%', 'who called, as its certificate says') }
      : {}),
    ...(jwt && hop !== 'outbound'
      ? { person: commented('%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:jwt:sub)%', 'on whose behalf') }
      : {}),
    ...(hop === 'inbound' ? {} : upstream),
  }
}

/** What OPA decided, and why. It said so in the metadata of its answer. */
function decision({ authorization }: Mesh, hop: Hop): Record<string, unknown> {
  if (!authorization || hop === 'outbound') return {}
  const keys = ['allowed', 'rule', 'reason', 'dry_run']
  const values = keys.map(key => [key, `%DYNAMIC_METADATA(envoy.filters.http.ext_authz:${key})%`])
  return Object.fromEntries(values)
}
