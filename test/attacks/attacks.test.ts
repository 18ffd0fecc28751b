import { chapters } from '@hardway/compiler'
import { expect, test } from 'vitest'
import { doorIn } from './attack.ts'
import { attackGroups } from './attacks.ts'

const attacks = attackGroups.flatMap(({ attacks }) => attacks)
const open = (slug: string) => attacks.filter(({ doors }) => doorIn(doors, slug) === 'open')

test('every attack has a name of its own', () => {
  const names = attacks.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

test('as long as nobody decides, many doors are open; then one: a token can be used by whoever has it', () => {
  const decided = chapters.filter(({ sections }) => sections.includes('authorization'))
  expect(decided.length).toBeGreaterThan(0)
  expect(open('05-jwt').length).toBeGreaterThan(5)
  for (const { slug } of decided) expect(open(slug).map(({ name }) => name)).toEqual(['a stolen token'])
})

test('a door that is expected of a chapter that is not there is a mistake', () => {
  expect(doorIn({ '04-mtls': 'Envoy' }, '03-envoy')).toBe('none')
  expect(doorIn({ '02-services': 'open', '04-mtls': 'Envoy' }, '03-envoy')).toBe('open')
  expect(doorIn({ '02-services': 'open', '04-mtls': 'Envoy' }, '06-opa')).toBe('Envoy')
  expect(() => doorIn({ '04-tls': 'Envoy' }, '04-mtls')).toThrow('there is no chapter "04-tls"')
})
