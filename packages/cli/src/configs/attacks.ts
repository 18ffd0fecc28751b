import { chapters } from '@hardway/compiler'
import { fillBetweenMarkers } from './markers.ts'

/** What the tests in test/attacks saw on one platform, as they keep it in test/attacks/seen. */
export interface SeenAttacks {
  platform: 'docker' | 'native'
  groups: {
    title: string
    /** What the attacks of a group have in common, in a sentence. */
    intro: string
    attacks: SeenAttack[]
  }[]
}

interface SeenAttack {
  /** In a few words; the same on both platforms. */
  name: string
  /** How it is tried, in a sentence. */
  tried: string
  /** The same thing well done, in a sentence. */
  control: string
  /** By the chapter's slug: who shuts the door, or `open`, or `none`; and what the one who tried it was told. */
  seen: Record<string, { door: string; saw: string }>
}

type Seen = Record<'docker' | 'native', SeenAttacks>

/**
 * Writes what the tests saw between `<!-- attacks: NAME -->` and `<!-- /attacks -->`. What no test has seen is a question mark.
 * @throws CliError `bad_page`
 */
export function withAttacks(page: string, file: string, seen: Seen): string {
  const parts: Record<string, () => string> = {
    count: () => count(seen),
    open: () => open(seen),
    doors: () => doors(seen),
    how: () => how(seen),
  }
  return fillBetweenMarkers(page, file, 'attacks', '<!-- attacks: doors -->', what => parts[what]?.())
}

const slugs = chapters.map(({ slug }) => slug)
const numbers = slugs.map(slug => slug.slice(0, 2))
const newest = slugs.at(-1)!

function attacksOf({ groups }: SeenAttacks): SeenAttack[] {
  return groups.flatMap(({ attacks }) => attacks)
}

/** How many doors are open, of those that are there, chapter by chapter. */
function count({ docker, native }: Seen): string {
  const openIn = (attacks: SeenAttacks) =>
    slugs.map(slug => {
      const found = attacksOf(attacks).flatMap(({ seen }) => seen[slug]?.door ?? [])
      const there = found.filter(door => door !== 'none')
      return `${there.filter(door => door === 'open').length} of ${there.length}`
    })
  return table(
    ['open doors', ...numbers],
    [
      ['in containers', ...openIn(docker)],
      ['as processes of one machine', ...openIn(native)],
    ],
  )
}

/** What still succeeds in the newest chapter. */
function open({ docker, native }: Seen): string {
  const openIn = (attacks: SeenAttacks) =>
    attacksOf(attacks)
      .filter(({ seen }) => seen[newest]?.door === 'open')
      .map(({ name }) => name)
  const everywhere = openIn(docker)
  const natively = openIn(native).filter(name => !everywhere.includes(name))
  const list = (names: string[]) => names.map(name => `- ${name}`)
  return [
    ...[`Open in chapter ${newest}:`, '', ...list(everywhere), ''],
    ...['Open natively besides, and to processes of the same machine only:', '', ...list(natively)],
  ].join('\n')
}

/** Who shuts each door in which chapter. */
function doors({ docker, native }: Seen): string {
  const natively = new Map(attacksOf(native).map(attack => [attack.name, attack]))
  const row = ({ name, seen }: SeenAttack) => [
    name,
    ...slugs.map(slug => cell(seen[slug]?.door, natively.get(name)?.seen[slug]?.door)),
  ]
  const parts = docker.groups.map(
    ({ title, intro, attacks }) =>
      `### ${title}\n\n${intro}\n\n${table(['attack', ...numbers], attacks.map(row))}`,
  )
  return parts.join('\n\n')
}

/** In containers; and natively, if that differs. */
function cell(docker: string | undefined, native: string | undefined): string {
  return docker === native ? word(docker) : `${word(docker)}; natively ${word(native)}`
}

function word(door: string | undefined): string {
  if (door === undefined) return '?'
  if (door === 'open') return '**open**'
  return door === 'none' ? '–' : door
}

/** How each attack is tried, and its control; and what the newest chapter says to it. */
function how({ docker }: Seen): string {
  const rows = attacksOf(docker).map(({ name, tried, control, seen }) => [
    name,
    tried,
    control,
    seen[newest] ? `${word(seen[newest].door)}: ${seen[newest].saw}` : '?',
  ])
  return table(['attack', 'how', 'before it, and served', `in ${newest}`], rows)
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
