import { createPublicKey, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  type AlgorithmIdentifier,
  Certificate as AsnCertificate,
  type SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509'
import { orThrow } from '../error.ts'
import { type DistinguishedName, distinguishedName } from './distinguished-name.ts'
import { parseExactly } from './parse-exactly.ts'
import { hex, type ReadExtensions, readExtensions } from './read-extensions.ts'

/** What a certificate says, read and not yet judged. */
export interface Certificate extends ReadExtensions {
  der: Uint8Array
  /** The part that is signed. */
  toBeSigned: Uint8Array
  version: number
  /** Hexadecimal, as it is encoded: from `80` on it is negative. */
  serial: string
  issuer: DistinguishedName
  subject: DistinguishedName
  notBefore: Date
  notAfter: Date
  publicKey: KeyObject
  /** Hexadecimal DER of what is signed over, and of what stands beside the signature. */
  signatureAlgorithm: { id: string; inside: string; outside: string }
  signature: Uint8Array
}

/**
 * Reads a certificate; no rule is checked beyond its form. `node:crypto` has a reader too, but its `keyUsage` gives the
 * extended one and its `ca` has been wrong.
 * @param der  one certificate
 * @throws {IdentityError} `bad_certificate`
 */
export function parseCertificate(der: Uint8Array): Certificate {
  return orThrow(() => read(der), {
    code: 'bad_certificate',
    problem: 'This is no X.509 certificate that can be read',
    section: 'RFC 5280 §4.1',
    hint: 'Give one whole certificate in DER, with a public key of a known kind.',
  })
}

function read(der: Uint8Array): Certificate {
  const certificate = parseExactly(der, AsnCertificate)
  const tbs = certificate.tbsCertificate
  return {
    der,
    toBeSigned: new Uint8Array(certificate.tbsCertificateRaw!),
    version: tbs.version + 1,
    serial: hex(tbs.serialNumber),
    issuer: distinguishedName(tbs.issuer),
    subject: distinguishedName(tbs.subject),
    notBefore: tbs.validity.notBefore.getTime(),
    notAfter: tbs.validity.notAfter.getTime(),
    publicKey: publicKey(tbs.subjectPublicKeyInfo),
    signatureAlgorithm: signatureAlgorithm(tbs.signature, certificate.signatureAlgorithm),
    signature: new Uint8Array(certificate.signatureValue),
    ...readExtensions(tbs.extensions ?? []),
  }
}

const ecPublicKey = '1.2.840.10045.2.1'
const objectIdentifierTag = 0x06

/** RFC 5480 §2.1.1: a curve has a name. One that is spelt out may have a base point that somebody chose. */
function publicKey(info: SubjectPublicKeyInfo): KeyObject {
  const { algorithm, parameters } = info.algorithm
  const [tag] = new Uint8Array(parameters ?? new ArrayBuffer(0))
  if (algorithm === ecPublicKey && tag !== objectIdentifierTag) throw new TypeError('no named curve')
  return createPublicKey({ key: Buffer.from(AsnConvert.serialize(info)), format: 'der', type: 'spki' })
}

function signatureAlgorithm(
  inside: AlgorithmIdentifier,
  outside: AlgorithmIdentifier,
): Certificate['signatureAlgorithm'] {
  return {
    id: outside.algorithm,
    inside: hex(AsnConvert.serialize(inside)),
    outside: hex(AsnConvert.serialize(outside)),
  }
}
