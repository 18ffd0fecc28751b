import { commented, flow } from '../annotated.ts'
import type { Identity } from '../mesh.ts'
import { spiffeIdOf } from '../spiffe-id.ts'
import { sdsConfig, secrets } from './sds.ts'
import { typedConfig } from './typed-config.ts'

const ours = 'any workload of ours; who may call whom is decided in chapter 06'

/**
 * TLS with whoever calls this pod.
 * @param folder  of the pod, as its Envoy names it
 * @param only    the one workload that may, and why it; any, if left out
 */
export function downstreamTls(
  identity: Identity,
  folder: string,
  only?: { workload: string; comment: string },
): Record<string, unknown> {
  const type = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'
  const anybody = { prefix: `spiffe://${identity.trust_domain}/` }
  const caller = only ? { exact: spiffeIdOf(identity, only.workload) } : anybody
  const context = typedConfig(type, {
    require_client_certificate: commented(true, 'without this line a certificate is optional'),
    common_tls_context: commonTlsContext(commented(uriSan(caller), only?.comment ?? ours), folder),
    disable_stateless_session_resumption: commented(
      true,
      'a resumed session would not look at the certificate',
    ),
    disable_stateful_session_resumption: commented(true, 'again, and it may have expired since'),
  })
  return tls('04: shows who this pod is, and demands to see who calls', context)
}

/**
 * TLS with a workload that this pod calls.
 * @param folder  of the pod, as its Envoy names it
 */
export function upstreamTls(identity: Identity, workload: string, folder: string): Record<string, unknown> {
  const type = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'
  const exact = { exact: spiffeIdOf(identity, workload) }
  const context = typedConfig(type, {
    common_tls_context: commonTlsContext(
      commented(uriSan(exact), 'whoever else answers there is not meant'),
      folder,
    ),
  })
  return tls('04: speaks with nobody but the real one', context)
}

function tls(what: string, typed_config: unknown): Record<string, unknown> {
  return {
    transport_socket: commented({ name: 'envoy.transport_sockets.tls', typed_config }, what),
  }
}

/** A peer's SPIFFE ID is the URI among the alternative names of its certificate (X509-SVID §2). */
function uriSan(matcher: object): unknown {
  return flow({ san_type: 'URI', matcher })
}

/** @param matcher  for the peer's name */
function commonTlsContext(matcher: unknown, folder: string): unknown {
  return {
    tls_params: commented(
      flow({ tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' }),
      'an Envoy that calls stops at 1.2 if not told',
    ),
    alpn_protocols: flow(['h2']),
    tls_certificate_sds_secret_configs: [flow(sdsConfig(secrets.svid, folder))],
    combined_validation_context: {
      default_validation_context: {
        match_typed_subject_alt_names: [matcher],
      },
      validation_context_sds_secret_config: flow(sdsConfig(secrets.bundle, folder)),
    },
  }
}
