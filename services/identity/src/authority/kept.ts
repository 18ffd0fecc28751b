import { hash } from 'node:crypto'
import { type JwtAuthority, renewalTime, type TrustDomain, type X509Authority } from '@hardway/identity'

/**
 * How far an authority is in its life. `published`: it is in every bundle and signs nothing yet. `active`: it signs.
 * `retiring`: it signs no more, and what it signed is still good.
 */
export type AuthorityState = 'published' | 'active' | 'retiring'

/** An authority, and what is known of its life. */
export interface Kept<A> {
  /** The serial number of the certificate, or the `kid`. */
  name: string
  authority: A
  state: AuthorityState
  /** In this state. */
  since: Date
  created: Date
  expires: Date
}

/** All that vouches for one trust domain. */
export interface Authorities {
  trustDomain: TrustDomain
  /** `spiffe_sequence` */
  sequence: bigint
  x509: readonly Kept<X509Authority>[]
  jwt: readonly Kept<JwtAuthority>[]
}

/** The one that signs. */
export function activeOf<A>(kept: readonly Kept<A>[]): Kept<A> | undefined {
  return kept.find(({ state }) => state === 'active')
}

/**
 * When something that was issued is to be replaced: at half of its life, give or take a tenth. The dice are its name, so that
 * whoever asks gets the same answer, after a restart too.
 */
export function renewalOf({
  name,
  created,
  expires,
}: Pick<Kept<unknown>, 'name' | 'created' | 'expires'>): Date {
  const dice = Number.parseInt(hash('sha256', name).slice(0, 8), 16) / 2 ** 32
  return renewalTime({ notBefore: created, notAfter: expires }, () => dice)
}
