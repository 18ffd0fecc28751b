import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { parseTrustDomain, signJwtSvid, spiffeId, verifyJwtSvid } from '@hardway/identity'
import { expect, test, vi } from 'vitest'
import type { PodFiles } from '../svid/pod-folder.ts'
import { audience, bundleIn, pods, seenBy, testWorld } from '../test-world.ts'
import { activeOf } from './kept.ts'

vi.setConfig({ testTimeout: 60_000 }) // the machine may be busy

type World = ReturnType<typeof testWorld>

const alice = spiffeId(parseTrustDomain('hardway.test'), '/client/alice')

const token = (world: World, lifeSeconds = 300) =>
  signJwtSvid(activeOf(world.authorities().jwt)!.authority, {
    id: alice,
    audience,
    now: world.now(),
    lifeSeconds,
  })

const accepts = (peer: PodFiles, token: string, now: Date) =>
  verifyJwtSvid(token, { bundles: [bundleIn(peer)], audience, now, leewaySeconds: 0 })

const states = (world: World, kind: 'x509' | 'jwt') => world.authorities()[kind].map(({ state }) => state)

test('through whole rotations nobody ever refuses anybody, though news takes its time to arrive', () => {
  const world = testWorld(`trust_domain: hardway.test
x509: { authority_ttl: 90s, svid_ttl: 30s }
jwt: { authority_ttl: 90s, svid_ttl: 30s, audience: ${audience} }
jwt_authn: jwt-authn.yaml
svids:
- { pod: gateway, id: spiffe://hardway.test/gateway }
- { pod: add, id: spiffe://hardway.test/add }
`)
  world.tick()
  const recent: PodFiles[][] = [] // what was in force within the propagation time of 3 s
  const tokens: { text: string; ends: number }[] = []
  const seen = { x509: new Set<string>(), jwt: new Set<string>() }
  let { sequence } = world.authorities()
  for (let second = 0; second < 200; second++) {
    if (second % 7 === 0) world.restart() // it makes no difference
    world.pass(1)
    const now = world.now()
    const files = ['gateway', 'add'].map(world.files)
    recent.unshift(files)
    recent.length = Math.min(recent.length, 4)
    tokens.push({ text: token(world, 30), ends: now.getTime() + 30_000 })
    for (const old of recent) {
      seenBy(old[0]!, files[1]!, now) // a peer that is behind meets a new SVID
      seenBy(files[0]!, old[1]!, now) // and the other way round
      accepts(old[0]!, tokens.at(-1)!.text, now)
    }
    const oldest = tokens.find(({ ends }) => ends > now.getTime())!
    accepts(files[0]!, oldest.text, now)
    const authorities = world.authorities()
    expect(authorities.sequence).toBeGreaterThanOrEqual(sequence)
    sequence = authorities.sequence
    for (const kind of ['x509', 'jwt'] as const) {
      seen[kind].add(activeOf<unknown>(authorities[kind])!.name)
      expect(authorities[kind].length).toBeLessThanOrEqual(3)
    }
  }
  expect(seen.x509.size).toBeGreaterThanOrEqual(4)
  expect(seen.jwt.size).toBeGreaterThanOrEqual(4)
  expect(world.logged.join()).not.toContain('WARNING')
  expect(readdirSync(world.svidFolder('add'))).toHaveLength(3) // current, and two issues
})

test('at half of its life, ten seconds pass between a new authority and its first signature', () => {
  const world = testWorld()
  world.tick()
  const [first] = world.authorities().x509
  world.pass(0.44 * 86_400)
  expect(states(world, 'x509')).toEqual(['active'])
  while (states(world, 'x509').length === 1) world.pass(300)
  const age = (world.now().getTime() - first!.created.getTime()) / 3_600_000
  expect(age).toBeGreaterThanOrEqual(0.45 * 24)
  expect(age).toBeLessThanOrEqual(0.55 * 24 + 5 / 60)
  expect(states(world, 'x509')).toEqual(['active', 'published'])
  world.pass(9)
  expect(states(world, 'x509')).toEqual(['active', 'published'])
  world.pass(1)
  expect(states(world, 'x509')).toEqual(['retiring', 'active'])
  world.pass(3600)
  expect(states(world, 'x509')).toEqual(['retiring', 'active'])
  world.pass(10)
  expect(states(world, 'x509')).toEqual(['active'])
})

test('a rotation of the X.509 authority by hand: old and new SVIDs are good until the old one is retired', () => {
  const world = testWorld()
  world.tick()
  const before = pods.map(world.files)
  const all = (peers: PodFiles[], holders: PodFiles[]) =>
    peers.flatMap(peer => holders.map(holder => seenBy(peer, holder, world.now())))

  expect(world.rotate('x509', 'publish')).toMatchObject({ done: true })
  const published = pods.map(world.files)
  expect(states(world, 'x509')).toEqual(['active', 'published'])
  expect(world.authorities().sequence).toBe(2n)
  expect(published.map(({ svid }) => svid)).toEqual(before.map(({ svid }) => svid))
  expect(published.every(({ bundle }) => bundle.match(/BEGIN/g)!.length === 2)).toBe(true)
  all([...before, ...published], before)

  expect(world.rotate('x509', 'activate')).toMatchObject({
    done: false,
    lines: [
      expect.stringContaining(
        'not everybody knows the new x509 authority yet: ask again after 2026-01-01T00:00:10',
      ),
    ],
  })
  world.pass(10)
  expect(states(world, 'x509')).toEqual(['active', 'published']) // a hand has begun, so a hand goes on
  expect(world.rotate('x509', 'activate')).toMatchObject({ done: true })
  const activated = pods.map(world.files)
  expect(states(world, 'x509')).toEqual(['retiring', 'active'])
  expect(world.authorities().sequence).toBe(2n) // the bundle has the same content
  expect(activated.every(({ svid }, index) => svid !== before[index]!.svid)).toBe(true)
  all([...published, ...activated], [...before, ...activated])
  expect(() => all(before, activated)).toThrow(/Nobody that the bundle/)

  world.pass(10)
  expect(world.rotate('x509', 'retire')).toMatchObject({ done: true })
  const retired = pods.map(world.files)
  expect(states(world, 'x509')).toEqual(['active'])
  expect(world.authorities().sequence).toBe(3n)
  all([...published, ...activated, ...retired], retired)
  expect(() => all(retired, before)).toThrow(/Nobody that the bundle/)
})

test('a rotation of the JWT authority by hand: old and new tokens are good until the old one is retired', () => {
  const world = testWorld()
  world.tick()
  const unpublished = world.files('add')
  const old = token(world)
  accepts(unpublished, old, world.now())

  expect(world.rotate('jwt', 'publish')).toMatchObject({ done: true })
  const published = world.files('add')
  expect(published.svid).toBe(unpublished.svid)
  accepts(published, old, world.now())

  world.pass(10)
  expect(world.rotate('jwt', 'activate')).toMatchObject({ done: true })
  const activated = world.files('add')
  const fresh = token(world)
  for (const peer of [published, activated]) {
    accepts(peer, old, world.now())
    accepts(peer, fresh, world.now())
  }
  expect(() => accepts(unpublished, fresh, world.now())).toThrow('has no key')

  world.pass(10)
  expect(world.rotate('jwt', 'retire')).toMatchObject({ done: true })
  const retired = world.files('add')
  accepts(retired, fresh, world.now())
  expect(() => accepts(retired, old, world.now())).toThrow('has no key')
  expect(retired.jwtAuthn).toContain('# Who is the person?')
})

test.each([
  ['activate', 'no x509 authority is published; begin with "rotate x509 publish"'],
  ['retire', 'no x509 authority is retiring; "rotate x509 activate" comes before'],
] as const)('a step out of turn is refused and changes nothing: %s', (step, problem) => {
  const world = testWorld()
  world.tick()
  const before = world.authorities()
  expect(world.rotate('x509', step)).toEqual({ done: false, lines: [problem] })
  expect(world.authorities()).toEqual(before)
  expect(world.rotate('x509', 'publish').done).toBe(true)
  expect(world.rotate('x509', 'publish')).toEqual({
    done: false,
    lines: ['an x509 authority is published already; activate it with "rotate x509 activate"'],
  })
})

test('new SVIDs can be asked for at any time', () => {
  const world = testWorld()
  world.tick()
  const before = pods.map(world.files)
  expect(world.rotate('svid').lines).toEqual(
    pods.map(pod => expect.stringMatching(`^${pod} is .*: it was asked for`)),
  )
  const after = pods.map(world.files)
  expect(
    after.every(({ svid, key }, index) => svid !== before[index]!.svid && key !== before[index]!.key),
  ).toBe(true)
})

test('the answer to a step names the pod that could not be told', () => {
  const world = testWorld()
  world.tick()
  rmSync(world.svidFolder('add'), { recursive: true })
  writeFileSync(world.svidFolder('add'), '')
  const { done, lines } = world.rotate('x509', 'publish')
  expect(done).toBe(true)
  expect(lines).toContainEqual(expect.stringMatching(/^WARNING: add has not got it yet: EEXIST/))
  rmSync(world.svidFolder('add'))
  mkdirSync(world.svidFolder('add'))
  expect(world.pass(1)).toBe(true)
  expect(world.files('add').bundle).toBe(world.files('gateway').bundle)
})
