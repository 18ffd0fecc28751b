import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderBundle, renderJwks } from '../bundle/render.ts'
import { forgeLeaf } from '../forge/certificate.ts'
import { forgeToken } from '../forge/token.ts'
import { signJwtSvid } from '../jwt-svid/sign.ts'
import { generateKeyPair } from '../key-pair.ts'
import { renderPrivateKey } from '../private-key-pem.ts'
import { abroad, audience, bundles, home, id, now } from '../rules/trust-domains.ts'
import { parseSpiffeId } from '../spiffe-id.ts'
import { thumbprint } from '../thumbprint.ts'
import { renderCertificates } from '../x509/pem.ts'
import { explain } from './explain.ts'

const judge = { bundles, audience, now }
const right = {
  leaf: renderCertificates([forgeLeaf(home.x509, id)]),
  root: renderCertificates([home.x509.certificate.der]),
  token: signJwtSvid(home.jwt, { id: parseSpiffeId(id), audience, now }),
  bundle: renderBundle(home.bundle),
  jwks: renderJwks(home.bundle),
}
const only = (text: string, judge = {}) => {
  const { documents } = explain(text, judge)
  expect(documents).toHaveLength(1)
  return documents[0]!
}
const value = (text: string, name: string) => only(text).fields.find(field => field.name === name)?.value
const codes = (text: string, judge = {}) =>
  only(text, judge).broken.map(({ code, severity }) => `${severity} ${code}`)

test.for([
  ['X509-SVID', right.leaf, 'URI SAN', id],
  ['signing certificate', right.root, 'URI SAN', 'spiffe://hardway.test'],
  ['JWT-SVID', right.token, 'sub', id],
  ['JWT-SVID', `Bearer ${right.token}\n`, 'aud', audience],
  ['SPIFFE bundle', right.bundle, 'spiffe_sequence', '1'],
  ['JWK Set', right.jwks, 'key 1, alg', 'ES256'],
  ['SPIFFE ID', `${id}\n`, 'path', '/add'],
  ['SPIFFE ID', 'spiffe://hardway.test', 'path', '(none)'],
  ['trust domain', 'hardway.test', 'its ID', 'spiffe://hardway.test'],
] as const)('knows a %s, and finds nothing wrong with a right one', ([kind, text, name, expected]) => {
  expect(only(text)).toMatchObject({ kind, broken: [] })
  expect(value(text, name)).toBe(expected)
})

test('says whether it would be taken, if it is told what that needs', () => {
  expect(explain(right.leaf).verdict).toBeUndefined()
  expect(explain(right.leaf, judge).verdict).toMatchObject({
    accepted: true,
    reason: expect.stringContaining(id),
  })
  expect(explain(right.token, judge).verdict).toMatchObject({ accepted: true })
  const foreign = { ...judge, bundles: [abroad.bundle] }
  expect(explain(right.leaf, foreign).verdict).toEqual({
    accepted: false,
    reason: 'There are no bundles for the trust domain hardway.test (SPIFFE_Trust_Domain_and_Bundle §3).',
  })
  expect(explain(right.token, { ...judge, audience: 'reports' }).verdict).toMatchObject({ accepted: false })
})

test('lists every rule that a certificate breaks, not only the first', () => {
  const leaf = forgeLeaf(home.x509, id, {
    uriSans: [id, 'spiffe://hardway.test/multiply'],
    keyUsage: ['keyEncipherment', 'cRLSign'],
    extendedKeyUsage: [],
  })
  expect(codes(renderCertificates([leaf]))).toEqual([
    'must wrong_uri_san',
    'must wrong_key_usage',
    'must wrong_key_usage',
    'must wrong_extended_key_usage',
    'must wrong_extended_key_usage',
  ])
})

test('tells advice from duty', () => {
  expect(codes(renderCertificates([forgeLeaf(home.x509, id, { extendedKeyUsage: 'absent' })]))).toEqual([
    'should wrong_extended_key_usage',
  ])
  const several = signJwtSvid(home.jwt, { id: parseSpiffeId(id), audience: ['a', 'b'], now })
  expect(codes(several)).toEqual(['should wrong_audience'])
})

test('lists every rule that a token breaks, and shows what can be read of it', () => {
  const none = forgeToken({ header: { alg: 'none', jku: 'https://x.test' }, claims: { sub: 'bob' } })
  expect(codes(none)).toEqual([
    'must bad_token',
    'must wrong_algorithm',
    'must wrong_key_id',
    'must wrong_header',
    'must wrong_subject',
    'must wrong_audience',
    'must wrong_expiry',
  ])
  expect(value(none, 'sub')).toBe('bob')
})

test('judges times by the time that it is given', () => {
  const later = new Date(now.getTime() + 3 * 86_400_000)
  expect(codes(right.leaf, { now: later })).toEqual(['must expired'])
  expect(codes(right.token, { now: later })).toEqual(['must expired'])
})

test('each broken rule has its section and what to do', () => {
  const texts = ['spiffe://a/', '{', '{"keys":7}', 'eyJ.e.', '-----BEGIN CERTIFICATE-----', '?', 'A.b']
  for (const text of texts) {
    expect(only(text).broken[0]).toMatchObject({
      section: expect.stringMatching(/§/),
      hint: expect.stringMatching(/\.$/),
    })
  }
})

test('points out the keys of a bundle that are passed over', () => {
  const document = JSON.parse(right.bundle)
  delete document.keys[1].kid
  document.keys[0].kid = 'a'
  expect(only(JSON.stringify(document)).broken).toMatchObject([
    { severity: 'should', problem: 'Key 1: It has a "kid", and no key of this use may' },
    { severity: 'must', problem: 'Key 2: It has no "kid"' },
  ])
})

test('of a private key it says the public half, and never the secret, in whatever it stands', () => {
  const { privateKey } = generateKeyPair()
  const jwk = privateKey.export({ format: 'jwk' })
  const pem = renderPrivateKey(privateKey)
  const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }) as string
  const texts = [
    pem,
    sec1,
    right.leaf + pem,
    pem.replace(/\n-----END.*/, ''),
    pem.replace('A', '*'),
    JSON.stringify(jwk),
    JSON.stringify({ keys: [jwk] }),
    JSON.stringify({ keys: [{ ...jwk, use: 'jwt-svid', kid: 'a' }] }),
    forgeToken({ header: { alg: 'ES256', jwk }, claims: { cnf: { jwk } } }, privateKey),
    pem.split('\n')[1]!,
    jwk.d!,
  ]
  for (const text of texts) {
    const said = JSON.stringify(explain(text, judge))
    expect(said).not.toContain(jwk.d!.slice(0, 20))
    expect(said).not.toContain(pem.split('\n')[2]!.slice(0, 20))
  }
  expect(value(pem, 'thumbprint')).toBe(thumbprint(privateKey))
  expect(value(sec1, 'thumbprint')).toBe(thumbprint(privateKey))
  expect(explain(right.leaf + pem).documents.map(({ kind }) => kind)).toEqual(['X509-SVID', 'private key'])
})

test('knows other things in PEM', () => {
  const publicPem = generateKeyPair().publicKey.export({ type: 'spki', format: 'pem' }) as string
  const encrypted = generateKeyPair().privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  }) as string
  expect(only(publicPem).kind).toBe('public key')
  expect(only(encrypted).kind).toBe('encrypted private key')
  expect(only('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----').kind).toBe(
    'certificate request',
  )
})

test('names a certificate as openssl does', () => {
  expect(value(right.root, 'SHA-256')).toBe(
    createHash('sha256').update(home.x509.certificate.der).digest('hex'),
  )
})

test('explains anything, and throws at nothing', () => {
  const pieces = fc.constantFrom(...Object.values(right), '-----BEGIN ', '{', '.', 'ey', 'spiffe://', '\0')
  const damaged = fc
    .tuple(pieces, fc.nat(2000), fc.string({ maxLength: 5 }))
    .map(([text, at, insert]) => text.slice(0, at) + insert + text.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string(), fc.json()), text => {
      expect(explain(text, judge).documents.length).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
})
