import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePrivateKey } from '@hardway/identity'
import { expect, test, vi } from 'vitest'
import { readLeaf } from '../svid/leaf.ts'
import { pods, seenBy, testWorld } from '../test-world.ts'

vi.setConfig({ testTimeout: 30_000 }) // the machine may be busy

const hour = 3600

test('the first tick gives every pod an SVID that every other pod accepts, with a key of its own', () => {
  const world = testWorld()
  expect(world.tick()).toBe(true)
  const files = pods.map(world.files)
  for (const [index, pod] of pods.entries()) {
    const id = world.registration.pods[index]!.id
    for (const peer of files) expect(seenBy(peer, files[index]!, world.now())).toBe(id)
    const { publicKey } = parsePrivateKey(world.files(pod).key)
    expect(publicKey.equals(new X509Certificate(world.files(pod).svid).publicKey)).toBe(true)
    expect(world.logged).toContainEqual(expect.stringMatching(`^${pod} is ${id}, serial .*: it had none$`))
  }
  expect(new Set(files.map(({ key }) => key)).size).toBe(pods.length)
})

test('nothing is done while nothing is due, after a restart too', () => {
  const world = testWorld()
  world.tick()
  const before = pods.map(world.files)
  const lines = world.logged.length
  for (let seconds = 0; seconds < 0.44 * hour; seconds += 60) expect(world.pass(60)).toBe(true)
  world.restart()
  world.tick()
  expect(pods.map(world.files)).toEqual(before)
  expect(world.logged.length).toBe(lines)
})

test('an SVID is renewed at half of its life, give or take a tenth, with another key', () => {
  const world = testWorld()
  world.tick()
  for (const pod of pods) {
    const before = world.files(pod)
    const { serial, issued } = readLeaf(before.svid)
    while (world.files(pod).svid === before.svid) world.pass(10)
    const age = (world.now().getTime() - issued.getTime()) / 1000
    expect(age).toBeGreaterThanOrEqual(0.45 * hour)
    expect(age).toBeLessThanOrEqual(0.55 * hour + 10)
    expect(world.files(pod).key).not.toBe(before.key)
    expect(readLeaf(world.files(pod).svid).serial).not.toBe(serial)
    expect(world.logged).toContainEqual(
      expect.stringMatching(`^${pod} is .*: half of the life of the old one is over$`),
    )
  }
})

test('a short life of ten seconds is renewed about every five', () => {
  const world = testWorld(`trust_domain: hardway.test
x509: { authority_ttl: 24h, svid_ttl: 10s }
svids: [{ pod: add, id: spiffe://hardway.test/add }]
`)
  world.tick()
  for (let second = 0; second < 60; second++) {
    world.pass(1)
    seenBy(world.files('add'), world.files('add'), world.now())
  }
  const issues = world.logged.filter(line => line.startsWith('add is'))
  expect(issues.length).toBeGreaterThanOrEqual(10)
  expect(issues.length).toBeLessThanOrEqual(15)
})

test('a folder that was emptied from outside is filled again at the next tick', () => {
  const world = testWorld()
  world.tick()
  const [gateway, add] = [world.files('gateway'), world.files('add')]
  rmSync(world.svidFolder('add'), { recursive: true })
  mkdirSync(world.svidFolder('add'))
  expect(world.pass(1)).toBe(true)
  expect(seenBy(gateway, world.files('add'), world.now())).toBe('spiffe://hardway.test/add')
  expect(world.files('add').key).not.toBe(add.key)
  expect(world.files('gateway')).toEqual(gateway)
})

test.each([
  ['svid.pem', 'no certificate', 'was damaged'],
  ['svid.pem', '', 'was damaged'],
  ['key.pem', 'no key', 'was damaged'],
])('a damaged %s is replaced: %j', (file, text, reason) => {
  const world = testWorld()
  world.tick()
  writeFileSync(join(world.svidFolder('add'), 'current', file), text)
  expect(world.pass(1)).toBe(true)
  expect(world.logged.at(-1)).toContain(reason)
  seenBy(world.files('gateway'), world.files('add'), world.now())
})

test('a key of somebody else is replaced, together with its SVID', () => {
  const world = testWorld()
  world.tick()
  const { key } = world.files('gateway')
  writeFileSync(join(world.svidFolder('add'), 'current', 'key.pem'), key)
  world.pass(1)
  expect(world.logged.at(-1)).toContain('its key was another one')
  expect(world.files('add').key).not.toBe(key)
})

test('a clock that is set back by a minute costs a new SVID, and one that is set back to before the authority an error', () => {
  const world = testWorld()
  world.pass(hour / 4)
  expect(world.pass(-60)).toBe(true)
  expect(world.logged.at(-1)).toContain('the clock was set back to before the old one')
  const files = pods.map(world.files)
  expect([world.pass(-hour), world.pass(1)]).toEqual([false, false])
  expect(world.logged.filter(line => line.startsWith('ERROR add: It is valid from'))).toHaveLength(1)
  expect(pods.map(world.files)).toEqual(files)
  expect(world.pass(hour)).toBe(true)
})

test('a pod whose folder cannot be written does not hold up the others, and gets its SVID when it can', () => {
  const world = testWorld()
  mkdirSync(world.svidFolder('gateway'))
  writeFileSync(world.svidFolder('add'), 'a file stands where the folder should be')
  expect(world.tick()).toBe(false)
  expect(world.pass(1)).toBe(false)
  seenBy(world.files('gateway'), world.files('add-2'), world.now())
  expect(world.logged.filter(line => line.startsWith('ERROR add:'))).toEqual([
    expect.stringMatching(/EEXIST.*tried again each second$/),
  ])
  rmSync(world.svidFolder('add'))
  expect(world.pass(1)).toBe(true)
  seenBy(world.files('gateway'), world.files('add'), world.now())
  expect(world.logged.at(-1)).toBe('add: it works again')
})

test('after a sleep of a day every authority is new, every SVID too, and the log says so loudly', () => {
  const world = testWorld()
  world.tick()
  const before = world.authorities()
  expect(world.pass(25 * hour)).toBe(true)
  const after = world.authorities()
  expect(after.x509.map(({ state }) => state)).toEqual(['active'])
  expect(after.jwt.map(({ state }) => state)).toEqual(['active'])
  expect(after.x509[0]!.name).not.toBe(before.x509[0]!.name)
  expect(after.jwt[0]!.name).not.toBe(before.jwt[0]!.name)
  expect(after.sequence).toBeGreaterThan(before.sequence)
  for (const pod of pods) seenBy(world.files('gateway'), world.files(pod), world.now())
  expect(world.logged).toContainEqual(
    expect.stringMatching(/^x509 authority .* WARNING: it was the one that signed/),
  )
  expect(world.logged).toContainEqual(expect.stringMatching(/^jwt authority .* WARNING/))
  expect(world.logged).toContainEqual(expect.stringMatching(/^add is .* WARNING|another authority signs now/))
})

test('a state that is damaged while it serves is told once and never overwritten; the pods keep what they have', () => {
  const world = testWorld()
  world.tick()
  const files = pods.map(world.files)
  const state = join(world.stateFolder, 'authority.json')
  const good = readFileSync(state)
  writeFileSync(state, '{"trust_domain":')
  expect([world.pass(hour), world.pass(1)]).toEqual([false, false])
  expect(world.logged.filter(line => line.startsWith('ERROR authorities:'))).toEqual([
    expect.stringContaining(`${state} cannot be used: it is not JSON`),
  ])
  expect(readFileSync(state, 'utf8')).toBe('{"trust_domain":')
  expect(pods.map(world.files)).toEqual(files)
  writeFileSync(state, good)
  expect(world.pass(1)).toBe(true)
})

test.each([0o027, 0o077])('whatever the umask, a key is for its owner only: %o', mask => {
  const old = process.umask(mask)
  try {
    const world = testWorld()
    world.tick()
    const mode = (...path: string[]) => statSync(join(world.root, ...path)).mode & 0o777
    expect(mode('state')).toBe(0o700)
    expect(mode('state', 'authority.json')).toBe(0o600)
    expect(mode('svid', 'add')).toBe(0o700)
    expect(mode('svid', 'add', 'current')).toBe(0o700)
    expect(mode('svid', 'add', 'current', 'key.pem')).toBe(0o600)
    expect(mode('svid', 'add', 'current', 'svid.pem')).toBe(0o644 & ~mask)
  } finally {
    process.umask(old)
  }
})
