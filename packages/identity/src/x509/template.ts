import { type KeyObject, sign } from 'node:crypto'
import {
  bitString,
  contextConstructed,
  type Der,
  integer,
  objectIdentifier,
  printableString,
  sequence,
  set,
  time,
  utf8String,
} from '../der.ts'

/** What a certificate says, before it is signed. */
export interface Template {
  /** Big-endian and positive. */
  serial: Uint8Array
  issuer: Der
  notBefore: Date
  notAfter: Date
  subject: Der
  /** SubjectPublicKeyInfo. */
  publicKey: Der
  extensions: readonly Der[]
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const version3 = contextConstructed(0, integer(Uint8Array.of(2)))
const commonName = objectIdentifier('2.5.4.3')
const serialNumber = objectIdentifier('2.5.4.5')

/**
 * Writes a certificate down and signs it: the whole of RFC 5280 §4.1.
 * @param signer  a P-256 key
 * @returns DER
 */
export function signedCertificate(template: Template, signer: KeyObject): Uint8Array {
  const toBeSigned = sequence(
    version3,
    integer(template.serial),
    ecdsaWithSha256,
    template.issuer,
    sequence(time(template.notBefore), time(template.notAfter)),
    template.subject,
    template.publicKey,
    contextConstructed(3, sequence(...template.extensions)),
  )
  return sequence(toBeSigned, ecdsaWithSha256, bitString(sign('sha256', toBeSigned, signer)))
}

/** RFC 5280 §4.1.2.4: an authority needs a name. Its serial number keeps an old one and a new one apart. */
export function authorityName(serial: Uint8Array): Der {
  return sequence(
    set(sequence(commonName, utf8String('X.509 authority'))),
    set(sequence(serialNumber, printableString(Buffer.from(serial).toString('hex')))),
  )
}

/** An SVID's name is its SPIFFE ID; the Subject stays empty. */
export const emptyName: Der = sequence()

/** A name of a CN alone. */
export function commonNameOnly(name: string): Der {
  return sequence(set(sequence(commonName, utf8String(name))))
}
