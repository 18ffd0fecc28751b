import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  type Extension,
  type GeneralName,
  KeyUsage as KeyUsageBits,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { requireDer } from '../require-der.ts'
import { extensionIds, type KeyUsage, keyUsages } from './extensions.ts'

/** What the extensions say that an SVID is judged by. */
export interface ReadExtensions {
  /** All, in their order, with repetitions; of those that repeat, the first is read. */
  extensions: readonly { id: string; critical: boolean }[]
  uriSans: readonly string[]
  /** SANs of other types, such as `dNSName add`. */
  otherSans: readonly string[]
  basicConstraints?: { ca: boolean; pathLength?: number }
  keyUsage?: readonly KeyUsage[]
  /** The numbers of the purposes. */
  extendedKeyUsage?: readonly string[]
  /** Hexadecimal. */
  subjectKeyIdentifier?: string
  /** Hexadecimal. */
  authorityKeyIdentifier?: string
}

/** @throws whatever the ASN.1 library throws, or {@link requireDer} */
export function readExtensions(extensions: readonly Extension[]): ReadExtensions {
  const value = <T>(id: string, schema: new () => T): T | undefined => {
    const found = extensions.find(({ extnID }) => extnID === id)
    if (!found) return undefined
    requireDer(new Uint8Array(found.extnValue.buffer))
    return AsnConvert.parse(found.extnValue.buffer, schema)
  }
  const names = [...(value(extensionIds.subjectAlternativeName, SubjectAlternativeName) ?? [])]
  const constraints = value(extensionIds.basicConstraints, BasicConstraints)
  const usage = value(extensionIds.keyUsage, KeyUsageBits)
  const purposes = value(extensionIds.extendedKeyUsage, ExtendedKeyUsage)
  const subjectKey = value(extensionIds.subjectKeyIdentifier, SubjectKeyIdentifier)
  const authorityKey = value(extensionIds.authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier
  return {
    extensions: extensions.map(({ extnID, critical }) => ({ id: extnID, critical })),
    uriSans: names.flatMap(({ uniformResourceIdentifier: uri }) => (uri === undefined ? [] : [uri])),
    otherSans: names.flatMap(otherSan),
    ...(constraints && { basicConstraints: basicConstraints(constraints) }),
    ...(usage && { keyUsage: usageNames(usage) }),
    ...(purposes && { extendedKeyUsage: [...purposes] }),
    ...(subjectKey && { subjectKeyIdentifier: hex(subjectKey.buffer) }),
    ...(authorityKey && { authorityKeyIdentifier: hex(authorityKey.buffer) }),
  }
}

function otherSan(name: GeneralName): string[] {
  if (name.uniformResourceIdentifier !== undefined) return []
  return Object.entries(name)
    .filter(([, value]) => value !== undefined)
    .map(([type, value]) => (typeof value === 'string' ? `${type} ${value}` : type))
}

function basicConstraints({ cA, pathLenConstraint }: BasicConstraints): { ca: boolean; pathLength?: number } {
  return { ca: cA, ...(pathLenConstraint !== undefined && { pathLength: pathLenConstraint }) }
}

function usageNames({ value }: KeyUsageBits): KeyUsage[] {
  const bytes = new Uint8Array(value)
  return keyUsages.filter((_, bit) => (bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7)))
}

export function hex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex')
}
