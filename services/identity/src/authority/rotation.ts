import type { Lives } from '../registration/read.ts'
import { activeOf, type Kept, renewalOf } from './kept.ts'

/** For clocks that differ, in seconds. */
const leeway = 5

/** How long it takes until everybody has seen a new bundle, in seconds: they look, or are told, within 10 s. */
export function propagation({ svidTtl }: Lives): number {
  return Math.min(10, svidTtl / 10)
}

/** What may happen to the authorities of one kind. */
export type Step =
  /** There is none that signs: a new one does so at once, whether or not everybody knows it. */
  | { step: 'make' }
  | { step: 'publish' }
  | { step: 'activate' }
  /** These names leave the bundle. */
  | { step: 'retire'; names: readonly string[] }

/**
 * What is due, one step at a time; undefined if nothing is. It depends on the time of day only, so it is right after any
 * pause. What was published by hand waits for a hand to activate it, until the active one is due itself.
 * @param lives  undefined if there are to be no authorities of this kind: those that there are may end
 */
export function dueStep(
  kept: readonly Kept<unknown>[],
  lives: Lives | undefined,
  now: Date,
): Step | undefined {
  const ended = kept.filter(authority => isOver(authority, lives, now)).map(({ name }) => name)
  if (ended.length > 0) return { step: 'retire', names: ended }
  if (!lives) return undefined
  const active = activeOf(kept)
  const published = kept.find(({ state }) => state === 'published')
  if (!active) return { step: published ? 'activate' : 'make' }
  if (now < renewalOf(active)) return undefined
  if (!published) return { step: 'publish' }
  return now >= propagated(published, lives) ? { step: 'activate' } : undefined
}

/** When everybody knows what changed last about an authority. */
export function propagated({ since }: Pick<Kept<unknown>, 'since'>, lives: Lives): Date {
  return new Date(since.getTime() + propagation(lives) * 1000)
}

/** Whether nothing that it signed can be valid any more. */
function isOver({ state, since, expires }: Kept<unknown>, lives: Lives | undefined, now: Date): boolean {
  if (now > expires) return true
  if (state !== 'retiring' || !lives) return false
  return now.getTime() > since.getTime() + (lives.svidTtl + leeway) * 1000
}

/**
 * The authorities after a step.
 * @param make  a new one in the state that is given
 */
export function applyStep<A>(
  kept: readonly Kept<A>[],
  step: Step,
  { now, make }: { now: Date; make: (state: 'active' | 'published') => Kept<A> },
): readonly Kept<A>[] {
  switch (step.step) {
    case 'make':
      return [...kept, make('active')]
    case 'publish':
      return [...kept, make('published')]
    case 'activate':
      return kept.map(authority => ({ ...authority, ...activated(authority, now) }))
    case 'retire':
      return kept.filter(({ name }) => !step.names.includes(name))
  }
}

function activated({ state }: Kept<unknown>, now: Date): Pick<Kept<unknown>, 'state' | 'since'> | undefined {
  if (state === 'published') return { state: 'active', since: now }
  return state === 'active' ? { state: 'retiring', since: now } : undefined
}
