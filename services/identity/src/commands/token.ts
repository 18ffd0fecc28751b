import { signJwtSvid, spiffeId } from '@hardway/identity'
import { IdentityServiceError } from '../error.ts'
import { current, signer, ttlByHand } from './current.ts'

/** Signs a JWT-SVID for a person. */
export function token(name: string, options: { audience?: string; ttl?: number }): void {
  const { registration, authorities } = current()
  if (!registration.jwt) {
    throw new IdentityServiceError(
      'bad_registration',
      'the registration has no "jwt", so there are no keys for tokens',
    )
  }
  const now = new Date()
  const { authority, expires } = signer(authorities.jwt, 'JWT', now)
  const ttl = ttlByHand(options.ttl, registration.jwt.svidTtl, registration.jwt, 'jwt')
  const left = Math.floor((expires.getTime() - now.getTime()) / 1000) // a token does not outlive its authority
  console.log(
    signJwtSvid(authority, {
      id: spiffeId(authorities.trustDomain, `/client/${name}`),
      audience: options.audience ?? registration.jwt.audience,
      now,
      lifeSeconds: Math.min(ttl, left),
    }),
  )
}
