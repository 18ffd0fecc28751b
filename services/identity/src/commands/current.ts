import { type Authorities, activeOf, type Kept } from '../authority/kept.ts'
import { loadAuthorities } from '../authority/store.ts'
import { IdentityServiceError } from '../error.ts'
import { renderDuration } from '../registration/duration.ts'
import type { Lives, Registration } from '../registration/read.ts'
import { registrationSetting, stateFolderSetting } from '../settings.ts'

/** What the settings name: the registration, and the authorities as they are now. */
export function current(): { registration: Registration; authorities: Authorities } {
  const registration = registrationSetting()
  return { registration, authorities: loadAuthorities(stateFolderSetting(), registration.trustDomain) }
}

/**
 * The authority that signs now.
 * @throws {IdentityServiceError} `no_state` if there is none, or if it has ended
 */
export function signer<A>(kept: readonly Kept<A>[], kind: string, now: Date): Kept<A> {
  const active = activeOf(kept)
  if (active && now <= active.expires) return active
  const problem = active ? `has ended at ${active.expires.toISOString()}` : 'is not there'
  throw new IdentityServiceError(
    'no_state',
    `the ${kind} authority ${problem}; start "serve", which makes one`,
  )
}

/**
 * How long something lives that is issued by hand, in seconds.
 * @throws {IdentityServiceError} `bad_lifetime` if it would outlive the stay of its authority in the bundle
 */
export function ttlByHand(
  asked: number | undefined,
  usual: number,
  { svidTtl }: Lives,
  kind: string,
): number {
  if (asked === undefined) return Math.min(usual, svidTtl)
  if (asked <= svidTtl) return asked
  const longest = renderDuration(svidTtl)
  throw new IdentityServiceError(
    'bad_lifetime',
    `--ttl ${renderDuration(asked)} is too long: at most ${longest} (${kind}.svid_ttl), for no authority is kept longer after it was replaced`,
  )
}
