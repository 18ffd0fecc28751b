import { commented, flow, from } from '../annotated.ts'
import type { Authorization, Identity } from '../mesh.ts'
import { spiffeIdOf } from '../spiffe-id.ts'
import { typedConfig } from './typed-config.ts'

/** The name of the cluster that is the pod's own OPA. No workload may have it. */
export const opa = 'opa'

const name = 'envoy.filters.http.ext_authz'
const type = 'envoy.extensions.filters.http.ext_authz.v3'

/** The HTTP filter that asks OPA, after it is known who calls on whose behalf. */
export function extAuthz({ timeout }: Authorization): unknown {
  const asked = from(['authorization', 'timeout'], timeout)
  const settings = {
    transport_api_version: 'V3',
    grpc_service: flow({ envoy_grpc: { cluster_name: opa }, timeout: asked }),
    failure_mode_allow: commented(false, 'no answer is not a yes'),
    status_on_error: commented(flow({ code: 'ServiceUnavailable' }), 'nor is it a no: 503'),
    metadata_context_namespaces: commented(
      flow(['envoy.filters.http.jwt_authn']),
      'the token as it was verified',
    ),
    allowed_headers: commented(
      flow({ patterns: [{ exact: 'x-request-id' }] }),
      'no other header is sent: nothing is decided on what a caller can write there',
    ),
  }
  return {
    name: commented(name, '06: may this workload do this, for that person?'),
    typed_config: typedConfig(`${type}.ExtAuthz`, settings),
  }
}

/** Of a virtual host: who asks. At the gateway no certificate says it. */
export function asksFor(identity: Identity, workload: string): Record<string, unknown> {
  const context_extensions = flow({ workload: spiffeIdOf(identity, workload) })
  const settings = typedConfig(`${type}.ExtAuthzPerRoute`, { check_settings: { context_extensions } })
  return { typed_per_filter_config: commented({ [name]: settings }, '06: who asks') }
}
