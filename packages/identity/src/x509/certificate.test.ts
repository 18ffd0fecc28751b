import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { forgeLeaf, forgeSigner } from '../forge/certificate.ts'
import { home, id } from '../rules/trust-domains.ts'
import { parseCertificate } from './certificate.ts'
import { type KeyUsage, keyUsages } from './extensions.ts'

test('reads what openssl reads', () => {
  const der = forgeLeaf(home.x509, id, { dnsSans: ['add', 'add.hardway.test'] })
  const ours = parseCertificate(der)
  const theirs = new X509Certificate(der)
  expect(ours.serial.toUpperCase().replace(/^00/, '')).toBe(theirs.serialNumber)
  expect(ours.notBefore).toEqual(theirs.validFromDate)
  expect(ours.notAfter).toEqual(theirs.validToDate)
  expect(ours.publicKey.equals(theirs.publicKey)).toBe(true)
  expect([...ours.uriSans.map(uri => `URI:${uri}`), ...ours.otherSans]).toEqual([
    `URI:${id}`,
    'dNSName add',
    'dNSName add.hardway.test',
  ])
  expect(theirs.subjectAltName).toBe(`URI:${id}, DNS:add, DNS:add.hardway.test`)
  expect(theirs.verify(home.x509.certificate.publicKey)).toBe(true)
})

test.for(keyUsages.map(usage => [usage] as [KeyUsage]))('reads the usage %s', usage => {
  expect(parseCertificate(forgeLeaf(home.x509, id, { keyUsage: usage })).keyUsage).toEqual(usage)
})

test('reads all usages together, and none', () => {
  expect(parseCertificate(forgeLeaf(home.x509, id, { keyUsage: keyUsages })).keyUsage).toEqual(keyUsages)
  expect(parseCertificate(forgeLeaf(home.x509, id, { keyUsage: [] })).keyUsage).toEqual([])
})

test('reads how many signers may follow', () => {
  const lengths = [undefined, 0, 1, 127, 128, 255].map(
    length =>
      forgeSigner([], length === undefined ? {} : { pathLength: length }).certificate.basicConstraints
        ?.pathLength,
  )
  expect(lengths).toEqual([undefined, 0, 1, 127, 128, 255])
})

test('writes times on both sides of 2050', () => {
  for (const year of ['1950', '1999', '2000', '2049', '2050', '2999']) {
    const notAfter = new Date(`${year}-12-31T23:59:59Z`)
    const der = forgeLeaf(home.x509, id, { notBefore: new Date('1950-01-01T00:00:00Z'), notAfter })
    expect(parseCertificate(der).notAfter).toEqual(notAfter)
    expect(new X509Certificate(der).validToDate).toEqual(notAfter)
  }
})

test('writes long IDs and reads them', () => {
  const long = `spiffe://hardway.test/${'a'.repeat(2026)}`
  expect(parseCertificate(forgeLeaf(home.x509, long)).uriSans).toEqual([long])
})

test('refuses a key whose curve is spelt out instead of named', () => {
  const named = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
  const explicit = generateKeyPairSync('ec', { namedCurve: 'P-384', paramEncoding: 'explicit' }).publicKey
  parseCertificate(forgeLeaf(home.x509, id, { publicKey: named }))
  expect(() => parseCertificate(forgeLeaf(home.x509, id, { publicKey: explicit }))).toThrow('a known kind')
})
