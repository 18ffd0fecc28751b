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
import { namedBits } from '../der.ts'
import { extensionIds, type KeyUsage, keyUsages } from './extensions.ts'
import { parseExactly } from './parse-exactly.ts'

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

/** @throws as {@link parseExactly} */
export function readExtensions(extensions: readonly Extension[]): ReadExtensions {
  const value = <T>(id: string, schema: new () => T): T | undefined => {
    const found = extensions.find(({ extnID }) => extnID === id)
    return found && parseExactly(new Uint8Array(found.extnValue.buffer), schema)
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

/** @throws if a bit is set that has no name, or a trailing zero is written (X.690 §11.2.2) */
function usageNames({ value, unusedBits }: KeyUsageBits): KeyUsage[] {
  const bytes = new Uint8Array(value)
  const usages = keyUsages.filter((_, bit) => (bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7)))
  const again = namedBits(usages.map(usage => keyUsages.indexOf(usage)))
  if (again.subarray(2).equals(Buffer.of(unusedBits, ...bytes))) return usages
  throw new TypeError('not DER')
}

export function hex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex')
}
