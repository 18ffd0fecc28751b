import { expect, test } from 'vitest'
import { forgeLeaf } from '../forge/certificate.ts'
import { home, id, now } from '../rules/trust-domains.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import { certificateProblems } from './certificate-rules.ts'
import { signerProblems } from './signer-rules.ts'

const right = parseCertificate(forgeLeaf(home.x509, id))
const root = home.x509.certificate

const cases: [what: string, change: Partial<Certificate>, says: string][] = [
  ['of version 1', { version: 1 }, 'only version 3 has extensions'],
  ['with the serial number 0', { serial: '00' }, 'not positive'],
  ['with a negative serial number', { serial: '80' }, 'not positive'],
  ['with a serial number of 21 bytes', { serial: `01${'00'.repeat(20)}` }, 'longer than 20 bytes'],
  [
    'of two algorithms',
    { signatureAlgorithm: { ...right.signatureAlgorithm, inside: '00' } },
    'two different signature algorithms',
  ],
  ['that ends before it begins', { notBefore: now, notAfter: new Date(0) }, 'ends before it begins'],
  [
    'signed with SHA-1',
    { signatureAlgorithm: { id: '1.2.840.10045.4.1', inside: '00', outside: '00' } },
    'signed with 1.2.840.10045.4.1, which is too weak',
  ],
]

test.for(cases)('a certificate %s is refused', ([, change, says]) => {
  expect(certificateProblems(right)).toEqual([])
  expect(certificateProblems({ ...right, ...change })).toMatchObject([
    { problem: expect.stringContaining(says) },
  ])
})

test('a serial number of 20 bytes is in order', () => {
  expect(certificateProblems({ ...right, serial: '7f'.repeat(20) })).toEqual([])
})

test('a signing certificate needs a name', () => {
  expect(signerProblems(root)).toEqual([])
  const nameless = { ...root, subject: { text: '', der: '3000', empty: true } }
  expect(signerProblems(nameless)).toMatchObject([{ problem: 'Its Subject is empty' }])
})
