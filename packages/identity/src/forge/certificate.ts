import { type KeyObject, randomBytes } from 'node:crypto'
import { type Der, sequence } from '../der.ts'
import { generateKeyPair } from '../key-pair.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  dnsName,
  extendedKeyUsage,
  type KeyUsage,
  keyIdentifier,
  keyUsage,
  purposes,
  subjectAlternativeName,
  subjectKeyIdentifier,
  uriName,
} from '../x509/extensions.ts'
import { authorityName, commonNameOnly, emptyName, signedCertificate } from '../x509/template.ts'

/** Whoever signs: an authority, or a forged one. */
export interface Signer {
  certificate: Certificate
  privateKey: KeyObject
}

/** What is to be different from a right one. */
export interface CertificateForgery {
  uriSans?: readonly string[]
  dnsSans?: readonly string[]
  subjectAlternativeNameCritical?: boolean
  /** The CN of the Subject. */
  commonName?: string
  ca?: boolean
  pathLength?: number
  keyUsage?: readonly KeyUsage[] | 'absent'
  keyUsageCritical?: boolean
  extendedKeyUsage?: readonly string[] | 'absent'
  serial?: Uint8Array
  notBefore?: Date
  notAfter?: Date
  publicKey?: KeyObject
  /** Put after the others. */
  extensions?: readonly Der[]
}

/** @returns DER of a leaf that its signer would never have signed */
export function forgeLeaf(signer: Signer, id: string, forgery: CertificateForgery = {}): Uint8Array {
  const right = {
    uriSans: [id],
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: Object.values(purposes),
  } as const
  return forge({ ...right, ...forgery }, signer, signer.certificate)
}

/**
 * A signing certificate.
 * @param signer  whoever signs it; itself if left out
 */
export function forgeSigner(
  uriSans: readonly string[],
  forgery: CertificateForgery = {},
  signer?: Signer,
): Signer {
  const keys = generateKeyPair()
  const right = { uriSans, ca: true, keyUsage: ['keyCertSign'], extendedKeyUsage: 'absent' } as const
  const der = forge(
    { ...right, publicKey: keys.publicKey, ...forgery },
    signer ?? { privateKey: keys.privateKey },
    signer?.certificate,
  )
  return { certificate: parseCertificate(der), privateKey: keys.privateKey }
}

function forge(
  forgery: CertificateForgery,
  { privateKey }: { privateKey: KeyObject },
  issuer: Certificate | undefined,
): Uint8Array {
  const { ca = false, publicKey = generateKeyPair().publicKey, serial = randomBytes(15) } = forgery
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const ownName = ca ? authorityName(serial) : emptyName
  const subject = forgery.commonName === undefined ? ownName : commonNameOnly(forgery.commonName)
  return signedCertificate(
    {
      serial,
      issuer: issuer ? Buffer.from(issuer.subject.der, 'hex') : subject,
      notBefore: forgery.notBefore ?? issuer?.notBefore ?? new Date('2026-01-01T00:00:00Z'),
      notAfter: forgery.notAfter ?? issuer?.notAfter ?? new Date('2026-01-02T00:00:00Z'),
      subject,
      publicKey: spki,
      extensions: [
        basicConstraints({ ca, ...(forgery.pathLength !== undefined && { pathLength: forgery.pathLength }) }),
        ...usages(forgery),
        ...names(forgery, { critical: subject.length === sequence().length }),
        subjectKeyIdentifier(keyIdentifier(spki)),
        ...(issuer?.subjectKeyIdentifier
          ? [authorityKeyIdentifier(Buffer.from(issuer.subjectKeyIdentifier, 'hex'))]
          : []),
        ...(forgery.extensions ?? []),
      ],
    },
    privateKey,
  )
}

function usages({
  keyUsage: usage = 'absent',
  keyUsageCritical = true,
  extendedKeyUsage: purposes = 'absent',
}: CertificateForgery): Der[] {
  return [
    ...(usage === 'absent' ? [] : [keyUsage(usage, { critical: keyUsageCritical })]),
    ...(purposes === 'absent' ? [] : [extendedKeyUsage(purposes)]),
  ]
}

function names(forgery: CertificateForgery, { critical }: { critical: boolean }): Der[] {
  const all = [...(forgery.uriSans ?? []).map(uriName), ...(forgery.dnsSans ?? []).map(dnsName)]
  if (all.length === 0) return []
  return [subjectAlternativeName(all, { critical: forgery.subjectAlternativeNameCritical ?? critical })]
}
