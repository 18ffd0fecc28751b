import { createPublicKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createBundle } from '../bundle/create.ts'
import { contextConstructed, contextPrimitive, utf8String } from '../der.ts'
import { type CertificateForgery, forgeLeaf, forgeSigner, type Signer } from '../forge/certificate.ts'
import { generateKeyPair } from '../key-pair.ts'
import { verdict } from '../rules/rule.ts'
import { abroad, bundles, home, id, newTrustDomain, now } from '../rules/trust-domains.ts'
import { renderSpiffeId } from '../spiffe-id.ts'
import { parseCertificate } from '../x509/certificate.ts'
import { subjectAlternativeName, uriName } from '../x509/extensions.ts'
import { renderCertificates } from '../x509/pem.ts'
import { commonNameOnly } from '../x509/template.ts'
import { createX509Authority } from '../x509-authority/create.ts'
import { verifyX509Svid } from './verify.ts'

const times = { notBefore: new Date(now.getTime() - 1000), notAfter: new Date(now.getTime() + 1000) }
const domainId = 'spiffe://hardway.test'
const root = forgeSigner([domainId], times)
const rootBundle = createBundle(home.trustDomain, { x509Authorities: [root], jwtAuthorities: [] })
const below = (signer: Signer, pathLength?: number) =>
  forgeSigner([domainId], { ...times, ...(pathLength !== undefined && { pathLength }) }, signer)
const verify = (...chain: Uint8Array[]) =>
  verifyX509Svid(chain, { bundles: [rootBundle, abroad.bundle], now })
const der = ({ certificate }: Signer) => certificate.der

test('says who it is and who vouches for it', () => {
  const pem = renderCertificates([forgeLeaf(home.x509, id)])
  const svid = verifyX509Svid(pem, { bundles, now })
  expect(renderSpiffeId(svid.id)).toBe(id)
  expect(svid.signers).toEqual([home.x509.certificate])
})

test('goes on through signers in between, in any order, and past what is not needed', () => {
  const first = below(root)
  const second = below(first)
  const leaf = forgeLeaf(second, id)
  const stranger = forgeSigner([domainId], times)
  expect(verify(leaf, der(second), der(first)).signers).toHaveLength(3)
  expect(verify(leaf, der(stranger), der(first), der(root), der(second)).signers).toHaveLength(3)
  expect(verdict(() => verify(leaf, der(second)))).toBe('no_trusted_signer')
})

test('takes old and new roots while one replaces the other, though both have one trust domain', () => {
  const next = createX509Authority({
    trustDomain: home.trustDomain,
    keys: generateKeyPair(),
    random: randomBytes,
    now,
  })
  const both = createBundle(home.trustDomain, { x509Authorities: [home.x509, next], jwtAuthorities: [] })
  for (const authority of [home.x509, next]) {
    verifyX509Svid([forgeLeaf(authority, id)], { bundles: [both], now })
  }
  expect(verdict(() => verifyX509Svid([forgeLeaf(next, id)], { bundles, now }))).toBe('no_trusted_signer')
})

test('signers that sign one another do not keep it busy', () => {
  const one = below(root)
  const loop = Array.from({ length: 9 }, () => der(below(one)))
  expect(verdict(() => verify(forgeLeaf(forgeSigner([domainId], times), id), ...loop))).toBe(
    'no_trusted_signer',
  )
  expect(verdict(() => verify(forgeLeaf(one, id), der(one), ...loop))).toBe('bad_certificate') // too long
})

test('a signer of another trust domain may stand higher up, as long as the root is of the leaf’s', () => {
  const upper = forgeSigner(['spiffe://elsewhere.test'], times, root)
  const lower = below(upper)
  verify(forgeLeaf(lower, id), der(lower), der(upper))
})

test('what came with a leaf is not trusted for having come', () => {
  const stranger = forgeSigner([domainId], times)
  verify(forgeLeaf(root, id), der(root))
  expect(verdict(() => verify(forgeLeaf(stranger, id), der(stranger)))).toBe('no_trusted_signer')
})

test('a leaf signs nothing', () => {
  const keys = generateKeyPair()
  const leaf = parseCertificate(forgeLeaf(root, id, { publicKey: keys.publicKey, commonName: 'add' }))
  const forged = forgeLeaf(
    { certificate: leaf, privateKey: keys.privateKey },
    'spiffe://hardway.test/multiply',
  )
  expect(verdict(() => verify(leaf.der))).toBe('accepted')
  expect(verdict(() => verify(forged, leaf.der))).toBe('wrong_basic_constraints')
})

test('a name that is the root’s is not the root’s key', () => {
  const impostor: Signer = { certificate: root.certificate, privateKey: generateKeyPair().privateKey }
  expect(verdict(() => verify(forgeLeaf(root, id)))).toBe('accepted')
  expect(verdict(() => verify(forgeLeaf(impostor, id)))).toBe('no_trusted_signer')
})

test('a root that has ended vouches for nobody', () => {
  const { bundle, x509 } = newTrustDomain('hardway.test')
  const later = new Date(x509.certificate.notAfter.getTime() + 1)
  const leaf = forgeLeaf(x509, id, { notAfter: new Date(later.getTime() + 1000) })
  expect(verdict(() => verifyX509Svid([leaf], { bundles: [bundle], now }))).toBe('accepted')
  expect(verdict(() => verifyX509Svid([leaf], { bundles: [bundle], now: later }))).toBe('expired')
})

test('two bundles of one trust domain are one too many', () => {
  const leaf = forgeLeaf(home.x509, id)
  expect(verdict(() => verifyX509Svid([leaf], { bundles: [home.bundle], now }))).toBe('accepted')
  expect(verdict(() => verifyX509Svid([leaf], { bundles: [home.bundle, home.bundle], now }))).toBe(
    'no_bundle',
  )
})

test('one changed bit in any byte of a leaf is noticed', { timeout: 60_000 }, () => {
  const leaf = Buffer.from(forgeLeaf(home.x509, id))
  verifyX509Svid([leaf], { bundles, now })
  for (let at = 0; at < leaf.length; at++) {
    const changed = Buffer.from(leaf)
    changed[at]! ^= 1 << (at & 7)
    expect(verdict(() => verifyX509Svid([changed], { bundles, now }))).not.toBe('accepted')
  }
})

const withSans = (...names: Uint8Array[]) => ({
  uriSans: [],
  extensions: [subjectAlternativeName(names, { critical: true })],
})
const multiply = 'spiffe://hardway.test/multiply'
const tricks: [string, CertificateForgery][] = [
  [
    'a second SAN extension',
    { extensions: [subjectAlternativeName([uriName(multiply)], { critical: true })] },
  ],
  ['an ID that ends at a NUL for C', { uriSans: [`${id}\0.evil.test`] }],
  [
    'a second URI SAN in another encoding',
    withSans(uriName(id), contextConstructed(6, utf8String(multiply))),
  ],
  ['a SAN of a kind that does not exist', withSans(uriName(id), contextPrimitive(9, Buffer.from(multiply)))],
  ['an ID as a DNS name', { uriSans: [], dnsSans: [id] }],
  ['an ID with the scheme in capitals', { uriSans: ['SPIFFE://hardway.test/add'] }],
  ['an ID that a URL parser would clean up', { uriSans: ['spiffe://hardway.test/x/../add'] }],
  [
    'the trust domain of somebody who owns a longer name',
    { uriSans: ['spiffe://hardway.test.evil.test/add'] },
  ],
  ['a port behind the trust domain', { uriSans: ['spiffe://hardway.test:443/add'] }],
  ['a purpose that stands for all others', { extendedKeyUsage: ['2.5.29.37.0'] }],
]

test.for(tricks)('%s gets nobody in', ([, forgery]) => {
  expect(verdict(() => verifyX509Svid([forgeLeaf(home.x509, id)], { bundles, now }))).toBe('accepted')
  const trick = verdict(() => verifyX509Svid([forgeLeaf(home.x509, id, forgery)], { bundles, now }))
  expect(trick).toMatch(/^(bad_certificate|wrong_\w+|bad_\w+|no_bundle)$/)
})

test('other SANs of every kind that exists may stand beside the ID', () => {
  const others = [
    contextPrimitive(1, Buffer.from('a@hardway.test')),
    contextPrimitive(2, Buffer.from('add')),
    contextConstructed(4, commonNameOnly('add')),
    contextPrimitive(7, Buffer.of(127, 0, 3, 1)),
    contextPrimitive(8, Buffer.of(0x2a, 3)),
  ]
  verifyX509Svid([forgeLeaf(home.x509, id, withSans(uriName(id), ...others))], { bundles, now })
})

test('a key that is too large to verify with is not tried', () => {
  const rsa = (bits: number) => {
    const n = Buffer.alloc(bits / 8, 0xff).toString('base64url') // it has no private half, and needs none
    return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
  }
  const verify = (bits: number) => () =>
    verifyX509Svid([forgeLeaf(home.x509, id, { publicKey: rsa(bits) })], { bundles, now })
  expect(verdict(verify(2048))).toBe('accepted')
  expect(verdict(verify(8192))).toBe('accepted')
  expect(verdict(verify(8200))).toBe('weak_cryptography')
  expect(verdict(verify(2040))).toBe('weak_cryptography')
})

test('no chain, and no time, are refused', () => {
  expect(verdict(() => verify())).toBe('bad_certificate')
  const leaf = forgeLeaf(home.x509, id)
  expect(() => verifyX509Svid([leaf], { bundles, now: new Date(Number.NaN) })).toThrow()
})
