import { apart, flow, paragraph, titled } from './annotated.ts'
import type { Mesh } from './mesh.ts'
import { envoyPods } from './pod.ts'
import { spiffeIdOf } from './spiffe-id.ts'
import { yamlText } from './yaml-text.ts'

/**
 * What the identity service is told: whom it gives which identity, and for how long.
 * @param jwtAuthn  where the settings of Envoy's JWT filter lie, seen from this file; the service fills in the keys
 */
export function registrationFile(mesh: Mesh, jwtAuthn: string): string {
  const { trust_domain, authority_ttl, svid_ttl } = mesh.identity!
  const { jwt } = mesh
  const title = 'What the identity service signs. Whoever is not named here has no name.'
  const svids = envoyPods(mesh).map(({ name: pod, workload }) =>
    flow({ pod, id: spiffeIdOf(mesh.identity!, workload) }),
  )
  return yamlText(
    titled(title, {
      trust_domain,
      x509: flow({ authority_ttl, svid_ttl }),
      ...(jwt ? people(jwt.ttl, spiffeIdOf(mesh.identity!, jwt.audience), authority_ttl, jwtAuthn) : {}),
      svids: apart(svids),
    }),
  )
}

function people(svid_ttl: string, audience: string, authority_ttl: string, jwt_authn: string): object {
  return paragraph("05: people's tokens, and the Envoy filter that is given the keys to verify them.", {
    jwt: flow({ authority_ttl, svid_ttl, audience }),
    jwt_authn,
  })
}
