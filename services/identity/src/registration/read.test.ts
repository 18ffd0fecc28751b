import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registrationText, testFolder } from '../test-world.ts'
import { readRegistration } from './read.ts'

test('a registration says who gets which SVID, and for how long', () => {
  expect(readRegistration(testFolder().config)).toMatchObject({
    trustDomain: 'hardway.test',
    x509: { authorityTtl: 86_400, svidTtl: 3600 },
    jwt: { authorityTtl: 86_400, svidTtl: 300, audience: 'spiffe://hardway.test/calculator' },
    jwtAuthn: expect.stringContaining('local_jwks'),
    pods: [
      { pod: 'gateway', id: 'spiffe://hardway.test/gateway' },
      { pod: 'add', id: 'spiffe://hardway.test/add' },
      { pod: 'add-2', id: 'spiffe://hardway.test/add' },
    ],
  })
})

test('there need be no tokens', () => {
  const registration = readRegistration(testFolder(registrationText.replace(/^jwt.*\n/gm, '')).config)
  expect(registration).not.toHaveProperty('jwt')
  expect(registration).not.toHaveProperty('jwtAuthn')
})

test.each([
  ['trust_domain: hardway.test', 'trust_domain: Hardway.test', 'trust_domain: '],
  ['trust_domain: hardway.test', 'trust_domains: hardway.test', 'trust_domains: there is no such key'],
  ['trust_domain: hardway.test\n', '', 'has no "trust_domain"'],
  ['svid_ttl: 1h', 'svid_ttl: 0h', 'x509.svid_ttl: is not written as it should be. Write a whole number'],
  ['svid_ttl: 1h', 'svid_ttl: 3600', 'x509.svid_ttl: must be string'],
  ['svid_ttl: 1h', 'svid_ttl: 13h', 'x509.svid_ttl: is 13h; at most half of authority_ttl fits'],
  ['svid_ttl: 1h', 'svid_tll: 1h', 'x509.svid_tll: there is no such key'],
  ['svid_ttl: 5m', 'svid_ttl: 13h', 'jwt.svid_ttl: is 13h; at most half'],
  ['24h, svid_ttl: 1h', '9000h, svid_ttl: 1h', 'x509.authority_ttl: is longer than a year'],
  ['{ pod: add-2,', '{ pod: add,', 'svids[2].pod: add is there twice'],
  ['{ pod: add-2,', '{ pod: ../add,', 'svids[2].pod: is not written as it should be. Name the pod'],
  ['{ pod: add-2,', '{', 'svids[2]: has no "pod"'],
  [
    'hardway.test/gateway',
    'other.test/gateway',
    'svids[0].id: spiffe://other.test/gateway is no workload of',
  ],
  ['hardway.test/gateway', 'hardway.test', 'svids[0].id: spiffe://hardway.test is no workload of'],
  ['hardway.test/gateway', 'hardway.test/a/../b', 'svids[0].id: '],
  ['jwt_authn: jwt-authn.yaml', 'jwt_authn: other.yaml', 'other.yaml cannot be read (ENOENT)'],
  [/^jwt: .*\n/m, '', 'jwt_authn: there are no JWT keys to fill in; write jwt too'],
  [/$/, '\n}', 'it is no YAML'],
  [/[\s\S]*/, '', 'must be object'],
])('what is wrong is named with its place: %s as %j', (good, bad, problem) => {
  const { config } = testFolder(registrationText.replace(good, bad))
  expect(() => readRegistration(config)).toThrow(`${config}: `)
  expect(() => readRegistration(config)).toThrow(problem)
})

test('a file that is not there is named', () => {
  const { config, root } = testFolder()
  readRegistration(config)
  rmSync(config)
  expect(() => readRegistration(config)).toThrow(
    `${join(root, 'registration.yaml')}: cannot be read (ENOENT)`,
  )
})
