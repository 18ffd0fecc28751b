import type { Registration } from '../registration/read.ts'
import { withSequence } from './bundle.ts'
import type { Authorities, AuthorityState, Kept } from './kept.ts'
import { newJwtAuthority, newX509Authority } from './make.ts'
import { applyStep, dueStep, type Step } from './rotation.ts'

export type AuthorityKind = 'x509' | 'jwt'

/** Authorities that changed, and what happened to them: a line each. */
export interface Advanced {
  authorities: Authorities
  events: readonly string[]
}

/** Does all that is due; the same authorities come back if nothing is. */
export function advance(authorities: Authorities, registration: Registration, now: Date): Advanced {
  const x509 = advanceKind('x509', authorities, registration, now)
  const jwt = advanceKind('jwt', x509.authorities, registration, now)
  return { authorities: jwt.authorities, events: [...x509.events, ...jwt.events] }
}

function advanceKind(
  kind: AuthorityKind,
  authorities: Authorities,
  registration: Registration,
  now: Date,
): Advanced {
  const step = dueStep(authorities[kind], registration[kind], now)
  if (!step) return { authorities, events: [] }
  const first = takeStep(kind, step, authorities, registration, now)
  // What ended while nobody looked is followed by another step; each makes the next one possible, and none comes twice.
  const rest = advanceKind(kind, first.authorities, registration, now)
  return { authorities: rest.authorities, events: [...first.events, ...rest.events] }
}

/** Takes one step, whether or not it is due. */
export function takeStep(
  kind: AuthorityKind,
  step: Step,
  authorities: Authorities,
  registration: Registration,
  now: Date,
): Advanced {
  const { trustDomain } = authorities
  const ttl = registration[kind]?.authorityTtl ?? 0
  const changed: Authorities =
    kind === 'x509'
      ? {
          ...authorities,
          x509: applyStep(authorities.x509, step, {
            now,
            make: state => newX509Authority(trustDomain, ttl, state, now),
          }),
        }
      : {
          ...authorities,
          jwt: applyStep(authorities.jwt, step, {
            now,
            make: state => newJwtAuthority(trustDomain, ttl, state, now),
          }),
        }
  const after = withSequence(authorities, changed)
  const events = eventsBetween(kind, authorities[kind], after[kind], now)
  return { authorities: after, events: events.map(event => `${event}; spiffe_sequence ${after.sequence}`) }
}

const newly: Record<AuthorityState, string> = {
  published: 'is published: it is in every bundle, and signs nothing yet',
  active: 'is active: it signs from now on',
  retiring: 'is retiring: what it signed stays good until it ends',
}

function eventsBetween(
  kind: AuthorityKind,
  before: readonly Kept<unknown>[],
  after: readonly Kept<unknown>[],
  now: Date,
): string[] {
  const gone = before.filter(({ name }) => !after.some(other => other.name === name))
  const changed = after.filter(
    ({ name, state }) => before.find(other => other.name === name)?.state !== state,
  )
  return [
    ...gone.map(authority => `${kind} authority ${authority.name} ${farewell(authority, now)}`),
    ...changed.map(
      ({ name, state, expires }) =>
        `${kind} authority ${name} ${newly[state]}; until ${expires.toISOString()}`,
    ),
  ]
}

function farewell({ state, expires }: Kept<unknown>, now: Date): string {
  if (now <= expires) return 'is retired: it is in no bundle any more'
  const ended = `ended at ${expires.toISOString()} and is in no bundle any more`
  if (state !== 'active') return ended
  return `${ended}. WARNING: it was the one that signed, so nobody renewed it in time; all that it signed is issued anew`
}
