import { type Mesh, personIdOf, spiffeIdOf } from '@hardway/compiler'
import type { Hop } from './hops.ts'
import { segmentsOf } from './path.ts'

/** What Envoy tells OPA of a request, as far as a policy may decide on it: all of it is verified. */
export function opaInput(
  identity: NonNullable<Mesh['identity']>,
  person: string,
  { from, to, method, path }: Hop,
): object {
  const token = {
    jwt: { sub: personIdOf(identity, person) },
    jwt_header: { alg: 'ES256', kid: 'of some key', typ: 'JWT' },
  }
  return {
    attributes: {
      ...(from === undefined ? {} : { source: { principal: spiffeIdOf(identity, from) } }),
      contextExtensions: { workload: spiffeIdOf(identity, to) },
      metadataContext: { filterMetadata: { 'envoy.filters.http.jwt_authn': token } },
      request: { http: { method, path } },
    },
    parsed_path: segmentsOf(path),
  }
}
