import { randomBytes } from 'node:crypto'
import { createBundle } from '../bundle/create.ts'
import { createJwtAuthority } from '../jwt-authority/create.ts'
import { generateKeyPair } from '../key-pair.ts'
import { parseTrustDomain } from '../trust-domain.ts'
import { createX509Authority } from '../x509-authority/create.ts'

/** What the cases play with: two trust domains that know nothing of one another, at noon. */
export const now = new Date('2026-06-01T12:00:00Z')
export const id = 'spiffe://hardway.test/add'
export const audience = 'spiffe://hardway.test/calculator'

export const home = newTrustDomain('hardway.test')
export const abroad = newTrustDomain('elsewhere.test')
export const bundles = [home.bundle, abroad.bundle]

export function newTrustDomain(name: string) {
  const trustDomain = parseTrustDomain(name)
  const x509 = createX509Authority({ trustDomain, keys: generateKeyPair(), random: randomBytes, now })
  const jwt = createJwtAuthority({ trustDomain, keys: generateKeyPair() })
  const bundle = createBundle(trustDomain, { x509Authorities: [x509], jwtAuthorities: [jwt] })
  return { trustDomain, x509, jwt, bundle }
}
