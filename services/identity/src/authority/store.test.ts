import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTrustDomain } from '@hardway/identity'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { readRegistration } from '../registration/read.ts'
import { testFolder, testWorld, trustDomain } from '../test-world.ts'
import { loadAuthorities, loadOrMakeAuthorities, saveAuthorities } from './store.ts'

const now = new Date('2026-01-01T00:00:00Z')

test('authorities come back as they were stored', () => {
  const world = testWorld()
  world.tick()
  world.rotate('x509', 'publish')
  const authorities = world.authorities()
  saveAuthorities(world.stateFolder, authorities)
  expect(world.authorities()).toEqual(authorities)
  expect(readdirSync(world.stateFolder)).toEqual(['authority.json'])
})

test('of several that start at once all get the same authorities', async () => {
  const { config, stateFolder } = testFolder()
  const starters = Array.from({ length: 4 }, () =>
    execa(process.execPath, [join(import.meta.dirname, '../main.ts'), 'init'], {
      env: { IDENTITY_CONFIG: config, IDENTITY_FOLDER: stateFolder },
    }),
  )
  const [first, ...others] = (await Promise.all(starters)).map(({ stdout }) => stdout)
  expect(first).toMatch(/^root certificate \(active\) +SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/m)
  for (const other of others) expect(other).toBe(first)
  expect(readdirSync(stateFolder)).toEqual(['authority.json'])
}, 30_000)

test('who comes second takes what is there, also if it looked before it was there', () => {
  const { config, stateFolder } = testFolder()
  const registration = readRegistration(config)
  const first = loadOrMakeAuthorities(stateFolder, registration, now)
  expect(loadOrMakeAuthorities(stateFolder, registration, new Date(now.getTime() + 1000))).toEqual(first)
  expect(statSync(stateFolder).mode & 0o777).toBe(0o700)
})

test.each([
  ['{', 'it is not JSON'],
  ['', 'it is not JSON'],
  ['{"trust_domain":"hardway.test"}', 'a part of it is missing or wrong'],
])('a damaged state is named and left as it is: %j', (text, problem) => {
  const { config, stateFolder } = testFolder()
  const registration = readRegistration(config)
  loadOrMakeAuthorities(stateFolder, registration, now)
  const file = join(stateFolder, 'authority.json')
  writeFileSync(file, text)
  expect(() => loadOrMakeAuthorities(stateFolder, registration, now)).toThrow(
    `${file} cannot be used: ${problem}. Bring it back from a backup; or move it away`,
  )
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a key that is not that of its certificate is found, and not repeated', () => {
  const { config, stateFolder } = testFolder()
  loadOrMakeAuthorities(stateFolder, readRegistration(config), now)
  const file = join(stateFolder, 'authority.json')
  const state = JSON.parse(readFileSync(file, 'utf8'))
  const { key } = state.jwt_authorities[0]
  state.x509_authorities[0].key = key
  writeFileSync(file, JSON.stringify(state))
  const load = () => loadAuthorities(stateFolder, trustDomain)
  expect(load).toThrow('The private key is not that of the signing certificate')
  state.x509_authorities[0].key = key.slice(0, 60)
  writeFileSync(file, JSON.stringify(state))
  expect(load).toThrow('This is no private key in PEM that can be read')
  expect(load).not.toThrow(key.slice(30, 50))
})

test('the state of another trust domain is refused', () => {
  const { config, stateFolder } = testFolder()
  loadOrMakeAuthorities(stateFolder, readRegistration(config), now)
  expect(loadAuthorities(stateFolder, trustDomain).trustDomain).toBe('hardway.test')
  expect(() => loadAuthorities(stateFolder, parseTrustDomain('other.test'))).toThrow(
    'is of the trust domain hardway.test, and the registration of other.test',
  )
})
