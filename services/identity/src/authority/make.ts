import { randomBytes } from 'node:crypto'
import {
  createJwtAuthority,
  createX509Authority,
  generateKeyPair,
  type JwtAuthority,
  type TrustDomain,
  type X509Authority,
} from '@hardway/identity'
import type { Registration } from '../registration/read.ts'
import type { Authorities, AuthorityState, Kept } from './kept.ts'

/** The first authorities of a trust domain. */
export function firstAuthorities(registration: Registration, now: Date): Authorities {
  const { trustDomain, x509, jwt } = registration
  return {
    trustDomain,
    sequence: 1n,
    x509: [newX509Authority(trustDomain, x509.authorityTtl, 'active', now)],
    jwt: jwt ? [newJwtAuthority(trustDomain, jwt.authorityTtl, 'active', now)] : [],
  }
}

/** @param ttl  in seconds */
export function newX509Authority(
  trustDomain: TrustDomain,
  ttl: number,
  state: AuthorityState,
  now: Date,
): Kept<X509Authority> {
  const keys = generateKeyPair()
  const authority = createX509Authority({ trustDomain, keys, random: randomBytes, now, lifeSeconds: ttl })
  const { serial, notAfter } = authority.certificate
  return { name: serial, authority, state, since: now, created: now, expires: notAfter }
}

/** @param ttl  in seconds */
export function newJwtAuthority(
  trustDomain: TrustDomain,
  ttl: number,
  state: AuthorityState,
  now: Date,
): Kept<JwtAuthority> {
  const authority = createJwtAuthority({ trustDomain, keys: generateKeyPair() })
  const expires = new Date(now.getTime() + ttl * 1000)
  return { name: authority.keyId, authority, state, since: now, created: now, expires }
}
