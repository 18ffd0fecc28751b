import type { KeyObject } from 'node:crypto'
import { IdentityError } from '../error.ts'
import type { TrustDomain } from '../trust-domain.ts'
import type { Certificate } from '../x509/certificate.ts'

/** The keys that speak for one trust domain. One that has none trusts nobody (Trust Domain and Bundle §4.1.3). */
export interface Bundle {
  readonly trustDomain: TrustDomain
  /** Root certificates; several while one replaces another. */
  readonly x509Authorities: readonly Certificate[]
  readonly jwtAuthorities: readonly JwtKey[]
  /** Rises with each change of content. */
  readonly sequence?: bigint
  /** How often to look for a new one, in seconds. */
  readonly refreshHint?: number
}

/** A public key that verifies JWT-SVIDs. */
export interface JwtKey {
  /** `kid` */
  readonly keyId: string
  readonly publicKey: KeyObject
  /** The only `alg` that the key is for, if its publisher says so. */
  readonly algorithm?: string
}

/**
 * The bundle of one trust domain. Keys of several trust domains are never looked at together, or one could vouch for
 * another's workloads (Trust Domain and Bundle §3).
 * @throws {IdentityError} `no_bundle` unless there is exactly one
 */
export function bundleOf(bundles: readonly Bundle[], trustDomain: TrustDomain): Bundle {
  const [bundle, ...more] = bundles.filter(bundle => bundle.trustDomain === trustDomain)
  if (bundle && more.length === 0) return bundle
  throw new IdentityError({
    code: 'no_bundle',
    problem: `There are ${bundle ? more.length + 1 : 'no'} bundles for the trust domain ${trustDomain}`,
    section: 'SPIFFE_Trust_Domain_and_Bundle §3',
    hint: 'Give one bundle for each trust domain that is to be trusted.',
  })
}
