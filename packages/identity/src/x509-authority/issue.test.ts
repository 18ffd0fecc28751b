import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { expect, test } from 'vitest'
import { forgeSigner } from '../forge/certificate.ts'
import { generateKeyPair } from '../key-pair.ts'
import { parsePrivateKey, renderPrivateKey } from '../private-key-pem.ts'
import { verdict } from '../rules/rule.ts'
import { home, id, newTrustDomain, now } from '../rules/trust-domains.ts'
import { parseCertificate } from '../x509/certificate.ts'
import { purposes } from '../x509/extensions.ts'
import { verifyX509Svid } from '../x509-svid/verify.ts'
import { createX509Authority, openX509Authority } from './create.ts'
import { issueX509Svid } from './issue.ts'

const { publicKey } = generateKeyPair()
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const issue = (when = now, lifeSeconds?: number, key: KeyObject = publicKey) =>
  issueX509Svid(
    home.x509,
    { uriSans: [id], publicKey: key, ...(lifeSeconds !== undefined && { lifeSeconds }) },
    { random: randomBytes, now: when },
  )
const hour = 3600
const day = 24 * hour

test('a leaf says all that the standard asks, and no more', () => {
  const leaf = parseCertificate(issue().chain[0])
  expect(leaf).toMatchObject({
    version: 3,
    uriSans: [id],
    otherSans: [],
    subject: { empty: true },
    issuer: { der: home.x509.certificate.subject.der },
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: Object.values(purposes),
    authorityKeyIdentifier: home.x509.certificate.subjectKeyIdentifier,
    notBefore: at(-10),
    notAfter: at(hour),
  })
  expect(leaf.publicKey.equals(publicKey)).toBe(true)
  expect(leaf.extensions).toEqual([
    { id: '2.5.29.19', critical: true },
    { id: '2.5.29.15', critical: true },
    { id: '2.5.29.37', critical: false },
    { id: '2.5.29.17', critical: true },
    { id: '2.5.29.14', critical: false },
    { id: '2.5.29.35', critical: false },
  ])
})

test('an authority’s own certificate says all that the standard asks', () => {
  const { certificate } = home.x509
  expect(certificate).toMatchObject({
    uriSans: ['spiffe://hardway.test'],
    basicConstraints: { ca: true, pathLength: 0 },
    keyUsage: ['keyCertSign'],
    notBefore: at(-10),
    notAfter: at(day),
  })
  expect(new X509Certificate(certificate.der).verify(certificate.publicKey)).toBe(true)
})

test('a leaf lives for an hour, and its last moment counts', () => {
  const { chain } = issue()
  const verify = (when: Date) => () => verifyX509Svid(chain, { bundles: [home.bundle], now: when })
  expect(verdict(verify(at(-11)))).toBe('not_yet_valid')
  expect(verdict(verify(at(-10)))).toBe('accepted')
  expect(verdict(verify(at(hour)))).toBe('accepted')
  expect(verdict(verify(at(hour + 0.001)))).toBe('expired')
})

test('a leaf never outlives its signer, whatever is asked', () => {
  expect(issue(at(day - 60)).notAfter).toEqual(at(day))
  expect(issue(now, 30 * day).notAfter).toEqual(at(day))
})

test('a leaf does not begin before its signer', () => {
  expect(issue(at(-5)).notBefore).toEqual(at(-10))
})

test('an authority that has ended, or not begun, signs nothing', () => {
  expect(verdict(() => issue(at(day)))).toBe('accepted')
  expect(verdict(() => issue(at(day + 1)))).toBe('expired')
  expect(verdict(() => issue(at(-11)))).toBe('not_yet_valid')
})

test.for([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'a life of %d seconds is refused',
  lifeSeconds => {
    expect(verdict(() => issue(now, 60))).toBe('accepted')
    expect(verdict(() => issue(now, lifeSeconds))).toBe('bad_lifetime')
  },
)

test('serial numbers are positive, 16 bytes long and never the same', () => {
  const serials = Array.from({ length: 200 }, () => parseCertificate(issue().chain[0]).serial)
  expect(new Set(serials).size).toBe(200)
  expect(serials.every(serial => /^[4-7][0-9a-f]{31}$/.test(serial))).toBe(true)
})

test('randomness that falls short is refused', () => {
  const random = () => new Uint8Array(8)
  expect(verdict(() => issueX509Svid(home.x509, { uriSans: [id], publicKey }, { random, now }))).toBe(
    'bad_randomness',
  )
})

const keys: [string, KeyObject][] = [
  ['a private key', generateKeyPair().privateKey],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
  [
    'P-256 that is spelt out',
    generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).publicKey,
  ],
  ['the authority’s own', createPublicKey(home.x509.privateKey)],
]
test.for(keys)('the key of a leaf is not %s', ([, key]) => {
  expect(verdict(() => issue(now, 60, generateKeyPair().publicKey))).toBe('accepted')
  expect(verdict(() => issue(now, 60, key))).toBe('bad_key')
})

test('an authority can be stored and opened again', () => {
  const { certificate, privateKey } = home.x509
  const keys = parsePrivateKey(renderPrivateKey(privateKey))
  const opened = openX509Authority({ trustDomain: home.trustDomain, certificate: certificate.der, keys })
  const { chain } = issueX509Svid(opened, { uriSans: [id], publicKey }, { random: randomBytes, now })
  verifyX509Svid(chain, { bundles: [home.bundle], now })
})

test('an authority is not opened with another key, for another trust domain, or with a leaf', () => {
  const abroad = newTrustDomain('elsewhere.test')
  const open = (certificate: Uint8Array, privateKey = home.x509.privateKey) =>
    verdict(() =>
      openX509Authority({
        trustDomain: home.trustDomain,
        certificate,
        keys: parsePrivateKey(renderPrivateKey(privateKey)),
      }),
    )
  expect(open(home.x509.certificate.der)).toBe('accepted')
  expect(open(home.x509.certificate.der, abroad.x509.privateKey)).toBe('bad_key')
  expect(open(abroad.x509.certificate.der, abroad.x509.privateKey)).toBe('foreign_trust_domain')
  expect(open(issue().chain[0])).toBe('wrong_basic_constraints')
})

test('an authority needs a P-256 key', () => {
  const create = (namedCurve: string) => () =>
    createX509Authority({
      trustDomain: home.trustDomain,
      keys: generateKeyPairSync('ec', { namedCurve }),
      random: randomBytes,
      now,
    })
  expect(verdict(create('P-256'))).toBe('accepted')
  expect(verdict(create('P-384'))).toBe('bad_key')
})

test('an authority whose certificate has no identifier of its key still signs', () => {
  const signer = forgeSigner(['spiffe://hardway.test'], { notBefore: at(-hour), notAfter: at(day) })
  const { subjectKeyIdentifier: _, ...certificate } = signer.certificate
  const authority = { ...signer, certificate, trustDomain: home.trustDomain }
  const { chain } = issueX509Svid(authority, { uriSans: [id], publicKey }, { random: randomBytes, now })
  expect(parseCertificate(chain[0]).authorityKeyIdentifier).toBeUndefined()
})

test('no private key is repeated in an error', () => {
  expect(() => parsePrivateKey('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----')).toThrow(
    /^This is no private key in PEM that can be read \(RFC 5958 §5\)\n {2}Give the text [^c]/,
  )
})
