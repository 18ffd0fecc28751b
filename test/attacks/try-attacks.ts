import type { SeenAttacks } from '@hardway/cli/attacks'
import { type Chapter, chapters } from '@hardway/compiler'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doorIn, type Seen } from './attack.ts'
import { attackGroups } from './attacks.ts'
import type { World } from './world.ts'

const attacks = attackGroups.flatMap(({ attacks }) => attacks)

/**
 * Tries every attack on every chapter, and compares what is seen with what is expected, and with what was written down: the
 * table in docs/attacks.md is made of that.
 * @param start  starts a chapter; it runs until all attacks were tried
 */
export function tryAttacks(platform: World['platform'], start: (chapter: Chapter) => Promise<World>): void {
  /** What was found, and expected, by attack and chapter. */
  const found = new Map<string, Record<string, Seen>>(attacks.map(({ name }) => [name, {}]))

  describe.each(chapters)('$slug', chapter => {
    let world: World
    beforeAll(async () => {
      world = await start(chapter)
    }, 240_000)
    afterAll(() => world?.stop(), 60_000)

    const expected = attacks.map(attack => {
      const doors = (platform === 'native' && attack.native) || attack.doors
      return { attack, name: attack.name, door: doorIn(doors, chapter.slug) }
    })
    test.each(expected)('$name: $door', async ({ attack, door }) => {
      const control = await attack.allowed(world)
      const seen = await attack.attempt(world)
      if (seen.door !== 'none') expect(control, attack.control).toMatchObject({ door: 'open' })
      expect(seen).toMatchObject({ door })
      found.get(attack.name)![chapter.slug] = seen
    })
  })

  test('what was seen is what the table was made of', async () => {
    for (const seen of found.values()) expect(Object.keys(seen)).toEqual(chapters.map(({ slug }) => slug))
    const groups = attackGroups.map(({ title, intro, attacks }) => ({
      title,
      intro,
      attacks: attacks.map(({ name, tried, control }) => ({ name, tried, control, seen: found.get(name)! })),
    }))
    const seen: SeenAttacks = { platform, groups }
    await expect(`${JSON.stringify(seen, undefined, 2)}\n`).toMatchFileSnapshot(`seen/${platform}.json`)
  })
}
