import type { KeyObject } from 'node:crypto'
import type { JwtKey } from '../bundle/bundle.ts'
import { type KeyPair, requireP256 } from '../key-pair.ts'
import { thumbprint } from '../thumbprint.ts'
import type { TrustDomain } from '../trust-domain.ts'

/** Signs the JWT-SVIDs of one trust domain. Its key signs nothing else. */
export interface JwtAuthority extends JwtKey {
  readonly trustDomain: TrustDomain
  readonly privateKey: KeyObject
}

/**
 * Makes a JWT authority of a key, or opens it again: all but the trust domain follows from the key.
 * @param keys  P-256, for ES256; the `kid` is the key's thumbprint (RFC 7638)
 * @throws {IdentityError} `bad_key`
 */
export function createJwtAuthority({
  trustDomain,
  keys,
}: {
  trustDomain: TrustDomain
  keys: KeyPair
}): JwtAuthority {
  requireP256(keys.privateKey, 'private', 'The key of a JWT authority')
  requireP256(keys.publicKey, 'public', 'The public half of a JWT authority')
  return { trustDomain, keyId: thumbprint(keys.publicKey), algorithm: 'ES256', ...keys }
}
