import { AsnConvert } from '@peculiar/asn1-schema'
import type { Name } from '@peculiar/asn1-x509'

export interface DistinguishedName {
  /** For people. */
  text: string
  /** Hexadecimal DER: what is compared. */
  der: string
  empty: boolean
}

/** RFC 4519 §2, and X.520 for serialNumber. */
const shortNames: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
}

export function distinguishedName(name: Name): DistinguishedName {
  const parts = [...name].flatMap(relative =>
    [...relative].map(({ type, value }) => `${shortNames[type] ?? type}=${value}`),
  )
  const der = Buffer.from(AsnConvert.serialize(name)).toString('hex')
  return { text: parts.join(', '), der, empty: parts.length === 0 }
}
