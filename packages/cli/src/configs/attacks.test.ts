import { chapters } from '@hardway/compiler'
import { expect, test } from 'vitest'
import { type SeenAttacks, withAttacks } from './attacks.ts'

const [first, second] = chapters.map(({ slug }) => slug) as [string, string]
const newest = chapters.at(-1)!.slug

/** In the first chapter there is no such door, in the second it is open; then it is as it is said. */
function seenOn(platform: SeenAttacks['platform'], door: string): SeenAttacks {
  const later = chapters.slice(2).map(({ slug }) => [slug, { door, saw: 'a|b' }])
  const seen = { [first]: { door: 'none', saw: '' }, [second]: { door: 'open', saw: '42' } }
  const attack = {
    name: 'knocking',
    tried: 'twice',
    control: 'once',
    seen: { ...seen, ...Object.fromEntries(later) },
  }
  return { platform, groups: [{ title: 'Doors', intro: 'All of them.', attacks: [attack] }] }
}

const page = (what: string, between = '') => `# A\n\n<!-- attacks: ${what} -->\n${between}<!-- /attacks -->\n`
const written = (what: string, docker = 'pod', native = 'pod') =>
  withAttacks(page(what), 'docs/a.md', {
    docker: seenOn('docker', docker),
    native: seenOn('native', native),
  })

test('says who shuts a door, in every chapter', () => {
  expect(written('doors', 'OPA', 'OPA')).toContain('### Doors\n\nAll of them.\n\n| attack | 01 | 02 | 03 |')
  expect(written('doors', 'OPA', 'OPA')).toMatch(/\n\| knocking \| – \| \*\*open\*\*( \| OPA)+ \|\n/)
})

test('says where the platforms differ', () => {
  expect(written('doors', 'pod', 'open')).toMatch(
    /\n\| knocking \| – \| \*\*open\*\*( \| pod; natively \*\*open\*\*)+ \|\n/,
  )
})

test('counts open doors on each platform', () => {
  const others = chapters.slice(2)
  expect(written('count', 'OPA', 'open')).toContain(
    `| in containers | 0 of 0 | 1 of 1 |${others.map(() => ' 0 of 1 |').join('')}\n` +
      `| as processes of one machine | 0 of 0 | 1 of 1 |${others.map(() => ' 1 of 1 |').join('')}\n`,
  )
})

test('names the doors that are open in the newest chapter', () => {
  expect(written('open', 'open', 'open')).toContain(`Open in chapter ${newest}:\n\n- knocking\n`)
  expect(written('open', 'pod', 'open')).toContain('processes of the same machine only:\n\n- knocking\n')
})

test('says how it is tried, and what was answered', () => {
  expect(written('how')).toContain('| knocking | twice | once | pod: a\\|b |')
})

test('what no test has seen is a question mark, not a shut door', () => {
  const nothing: SeenAttacks = { ...seenOn('docker', 'pod') }
  delete nothing.groups[0]!.attacks[0]!.seen[newest]
  const text = withAttacks(page('doors'), 'docs/a.md', { docker: nothing, native: nothing })
  expect(text).toMatch(/ \| \? \|\n/)
})

test('a second time it is the same', () => {
  for (const what of ['doors', 'count', 'open', 'how']) {
    const seen = { docker: seenOn('docker', 'pod'), native: seenOn('native', 'open') }
    expect(withAttacks(written(what, 'pod', 'open'), 'docs/a.md', seen)).toBe(written(what, 'pod', 'open'))
  }
})

test('says where something is asked for that nobody tried', () => {
  expect(() => written('joy')).toThrow('docs/a.md:3: there is no attacks "joy".')
})
