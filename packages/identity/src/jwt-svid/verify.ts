import { type Bundle, bundleOf, type JwtKey } from '../bundle/bundle.ts'
import { throwFirst } from '../error.ts'
import { parseSpiffeId, type SpiffeId } from '../spiffe-id.ts'
import { isSigned, takesKey } from './algorithm.ts'
import { audienceProblems, claimProblems, claimTimeProblems, type JwtSvidClaims } from './claim-rules.ts'
import { headerProblems, type JwtSvidHeader } from './header-rules.ts'
import { parseToken } from './parse.ts'
import { tokenError } from './token-error.ts'

/** A JWT-SVID that was verified. */
export interface JwtSvid {
  id: SpiffeId
  audience: readonly string[]
  expiry: Date
  claims: Readonly<JwtSvidClaims>
}

/**
 * Verifies a token: all of JWT-SVID §2 to §5, and that it names its key.
 * @param token     compact form, without `Bearer`
 * @param bundles   of every trust domain that may be met; only the one of the trust domain of `sub` is asked
 * @param audience  the validator's own name
 * @param now       the time
 * @param leewaySeconds  for clocks that differ; 5 if left out
 * @throws {IdentityError} with the rule that is broken
 * @example verifyJwtSvid(token, { bundles: [bundle], audience: 'spiffe://hardway.test/calculator', now: new Date() }).id
 */
export function verifyJwtSvid(
  token: string,
  options: { bundles: readonly Bundle[]; audience: string; now: Date; leewaySeconds?: number },
): JwtSvid {
  const { bundles, audience, now, leewaySeconds } = options
  const parsed = parseToken(token)
  throwFirst(headerProblems(parsed.header))
  throwFirst(claimProblems(parsed.claims))
  const header = parsed.header as unknown as JwtSvidHeader
  const claims = parsed.claims as unknown as JwtSvidClaims
  const id = parseSpiffeId(claims.sub)
  const { publicKey } = namedKey(bundleOf(bundles, id.trustDomain), header)
  if (!isSigned(header.alg, parsed.signingInput, parsed.signature, publicKey)) {
    throw tokenError('wrong_signature', `It is not signed by the key "${header.kid}"`, 'JWT-SVID §4')
  }
  throwFirst(claimTimeProblems(claims, now, leewaySeconds))
  throwFirst(audienceProblems(claims, audience))
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud
  return { id, audience: audiences, expiry: new Date(claims.exp * 1000), claims }
}

/** The one key that the header names, if it is of the kind that the header names. */
function namedKey({ trustDomain, jwtAuthorities }: Bundle, { kid, alg }: JwtSvidHeader): JwtKey {
  const key = jwtAuthorities.find(({ keyId }) => keyId === kid)
  if (!key) {
    const problem = `The bundle of ${trustDomain} has no key ${JSON.stringify(kid.slice(0, 80))}`
    throw tokenError('wrong_key_id', problem, 'JWT-SVID §6.2')
  }
  if (takesKey(alg, key.publicKey) && (key.algorithm === undefined || key.algorithm === alg)) return key
  throw tokenError('wrong_algorithm', `Its key is not one for ${alg}`, 'JWT-SVID §2.1')
}
