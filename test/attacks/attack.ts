import { chapter, chapters } from '@hardway/compiler'
import type { World } from './world.ts'

/** Who shuts a door. `pod`: the address, or the file, is the pod's own, and for nobody else there. */
export type Guard = 'identity' | 'Envoy' | 'OPA' | 'application' | 'pod'

/** What an attempt found. `none`: in this chapter there is nothing yet that could be attacked so. */
export type Door = 'open' | 'none' | Guard

/** What came of an attempt, or of a control. */
export interface Seen {
  door: Door
  /** What the one who tried it was told; the same at every run, on both platforms. */
  saw: string
}

/** From which chapter on, by its slug, a door is what; before the first of them it is `none`. */
export type Doors = Record<string, Door>

/**
 * Something that is tried on every chapter. Where a chapter does not have yet what would refuse it (no certificate before
 * chapter 04), the request goes out without, and the door is open if it is served.
 */
export interface Attack {
  /** A few words, the same for ever: the row of a table. */
  name: string
  /** How it is tried, in a sentence. */
  tried: string
  /** The same thing well done, in a sentence. */
  control: string
  /** Does the control. It comes first, and must find the door open, or the attempt would say nothing. */
  allowed(world: World): Promise<Seen>
  attempt(world: World): Promise<Seen>
  /** What is expected, in containers. */
  doors: Doors
  /** What is expected of processes that share one machine's loopback, if that differs. */
  native?: Doors
}

/** Attacks on the same thing. */
export interface AttackGroup {
  title: string
  /** What they have in common, in a sentence. */
  intro: string
  attacks: Attack[]
}

/**
 * What a door is expected to be in a chapter.
 * @throws MeshError `unknown_chapter`
 */
export function doorIn(doors: Doors, slug: string): Door {
  for (const name of Object.keys(doors)) chapter(name)
  const upToNow = chapters.slice(0, chapters.findIndex(chapter => chapter.slug === slug) + 1)
  const said = upToNow.flatMap(({ slug }) => doors[slug] ?? [])
  return said.at(-1) ?? 'none'
}

/** Several ways to the same end, one after the other: the door is open if one of them succeeds. */
export async function anyOf(...ways: (() => Promise<Seen>)[]): Promise<Seen> {
  let seen: Seen = { door: 'none', saw: 'there is no way' }
  for (const way of ways) {
    seen = await way()
    if (seen.door === 'open') break
  }
  return seen
}

/** What an attempt finds that has nothing to try itself on. */
export function nothingThere(saw: string): Seen {
  return { door: 'none', saw }
}
