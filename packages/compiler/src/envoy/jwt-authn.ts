import { commented, flow, titled } from '../annotated.ts'
import type { Identity, Jwt } from '../mesh.ts'
import { spiffeIdOf } from '../spiffe-id.ts'
import { typedConfig } from './typed-config.ts'

/** Where the settings of the filter lie, by their name; the identity service gives each pod its own copy. */
export const jwtAuthnFile = 'jwt-authn.yaml'

const name = 'envoy.filters.http.jwt_authn'
const type = 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication'

/**
 * The HTTP filter that verifies a person's token. An Envoy reads keys in its own file once only; this way it takes new ones
 * with the filter that holds them.
 * @param folder  of the pod, as its Envoy names it
 */
export function jwtAuthn(folder: string): unknown {
  const path_config_source = {
    path: `${folder}svid/current/${jwtAuthnFile}`,
    watched_directory: { path: `${folder}svid` },
  }
  const config_discovery = {
    config_source: flow({ path_config_source, resource_api_version: 'V3' }),
    type_urls: flow([`type.googleapis.com/${type}`]),
  }
  return {
    name: commented(name, '05: who is the person? The keys that tell change, and this with them'),
    config_discovery,
  }
}

/** What that filter is told, for all pods alike; without the keys, which the identity service fills in. */
export function jwtAuthnSettings(identity: Identity, { audience }: Jwt): unknown {
  const people = {
    audiences: commented(flow([spiffeIdOf(identity, audience)]), 'a token for somebody else is none'),
    subjects: commented(flow({ prefix: `spiffe://${identity.trust_domain}/client/` }), 'people of ours'),
    require_expiration: true,
    clock_skew_seconds: commented(10, 'Envoy would forgive a minute'),
    from_headers: commented(
      [flow({ name: 'Authorization', value_prefix: 'Bearer ' })],
      'or ?access_token= would do, and stand in every log',
    ),
    forward: commented(true, 'the next pod verifies it again'),
    payload_in_metadata: commented('jwt', 'for those who decide, in chapter 06'),
    header_in_metadata: 'jwt_header',
    jwt_cache_config: commented({}, 'a token that was verified a moment ago is not verified again'),
    local_jwks: commented(flow({ inline_string: '{"keys":[]}' }), 'without keys nobody comes in'),
  }
  const settings = typedConfig(type, {
    providers: { people },
    rules: [flow({ match: { prefix: '/' }, requires: { provider_name: 'people' } })],
  })
  const title =
    "Verifies people's tokens: at the gateway, and again in front of every application. The identity service gives each pod " +
    'a copy of this file with the keys in it (svid/current/jwt-authn.yaml), and a new one when they change.'
  const resource = typedConfig('envoy.config.core.v3.TypedExtensionConfig', { name, typed_config: settings })
  return titled(title, { resources: [resource] })
}
