import { AsnConvert } from '@peculiar/asn1-schema'

/**
 * Reads DER, and writes again what was understood: it must be what was read, byte for byte. So nothing was passed over, and
 * nothing stands there in a looser encoding, which two programs could read in two ways: one checks a certificate, the other
 * obeys it.
 * @throws whatever the ASN.1 library throws
 */
export function parseExactly<T>(der: Uint8Array, schema: new () => T): T {
  const value = AsnConvert.parse(der, schema)
  if (Buffer.from(AsnConvert.serialize(value)).equals(der)) return value
  throw new TypeError('not DER')
}
