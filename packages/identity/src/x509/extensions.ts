import { hash } from 'node:crypto'
import {
  boolean,
  contextPrimitive,
  type Der,
  integer,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
} from '../der.ts'

/** RFC 5280 §4.2: the numbers of the extensions that an SVID has. */
export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** RFC 5280 §4.2.1.12 */
export const purposes = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const

/** RFC 5280 §4.2.1.3, in the order of the bits. */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsage = (typeof keyUsages)[number]

/** §4.2: `critical` is left out when false, for DER leaves out defaults. */
export function extension(id: string, critical: boolean, value: Der): Der {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value))
}

/** §4.2.1.9: always critical here; `cA` is left out when false. */
export function basicConstraints({ ca, pathLength }: { ca: boolean; pathLength?: number }): Der {
  const length = pathLength === undefined ? [] : [integer(Uint8Array.of(pathLength))]
  return extension(extensionIds.basicConstraints, true, sequence(...(ca ? [boolean(true)] : []), ...length))
}

export function keyUsage(usages: readonly KeyUsage[], { critical = true } = {}): Der {
  return extension(extensionIds.keyUsage, critical, namedBits(usages.map(usage => keyUsages.indexOf(usage))))
}

export function extendedKeyUsage(ids: readonly string[]): Der {
  return extension(extensionIds.extendedKeyUsage, false, sequence(...ids.map(objectIdentifier)))
}

export const uriName = (uri: string): Der => contextPrimitive(6, Buffer.from(uri, 'latin1'))
export const dnsName = (name: string): Der => contextPrimitive(2, Buffer.from(name, 'latin1'))

/** §4.2.1.6; critical if the Subject is empty (§4.1.2.6). */
export function subjectAlternativeName(names: readonly Der[], { critical }: { critical: boolean }): Der {
  return extension(extensionIds.subjectAlternativeName, critical, sequence(...names))
}

/** @param keyIdentifier  from {@link keyIdentifier} */
export function subjectKeyIdentifier(keyIdentifier: Uint8Array): Der {
  return extension(extensionIds.subjectKeyIdentifier, false, octetString(keyIdentifier))
}

export function authorityKeyIdentifier(keyIdentifier: Uint8Array): Der {
  return extension(extensionIds.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier)))
}

/** RFC 7093 §2, method 1: the first 160 bits of the SHA-256 of the public key, here the 65 bytes of a P-256 point. */
export function keyIdentifier(spki: Der): Uint8Array {
  return hash('sha256', spki.subarray(-65), 'buffer').subarray(0, 20)
}
