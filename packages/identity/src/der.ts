/**
 * Writes DER (X.690 §10), as much of it as a certificate needs. A general ASN.1 library took ten times as long as the
 * signature itself; a certificate has one shape, and x509/template.ts shows it.
 */
export type Der = Uint8Array

export const sequence = (...parts: Der[]): Der => tlv(0x30, ...parts)
export const set = (...parts: Der[]): Der => tlv(0x31, ...parts)
export const octetString = (content: Der): Der => tlv(0x04, content)
/** Of whole bytes. */
export const bitString = (content: Der): Der => tlv(0x03, Uint8Array.of(0), content)
export const utf8String = (text: string): Der => tlv(0x0c, Buffer.from(text))
export const printableString = (text: string): Der => tlv(0x13, Buffer.from(text, 'latin1'))
export const boolean = (value: boolean): Der => tlv(0x01, Uint8Array.of(value ? 0xff : 0))
/** `[number] EXPLICIT`, or the IMPLICIT tag of something constructed. */
export const contextConstructed = (number: number, ...parts: Der[]): Der => tlv(0xa0 | number, ...parts)
/** `[number] IMPLICIT` of something primitive. */
export const contextPrimitive = (number: number, content: Der): Der => tlv(0x80 | number, content)

/** @param bytes  big-endian and not negative: a leading bit that is set gets a zero byte before it */
export function integer(bytes: Der): Der {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const digits = bytes.subarray(start)
  return digits[0]! & 0x80 ? tlv(0x02, Uint8Array.of(0), digits) : tlv(0x02, digits)
}

/** Bits that have names, first one first; DER leaves out trailing zeros (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Buffer {
  if (bits.length === 0) return tlv(0x03, Uint8Array.of(0))
  const last = Math.max(...bits)
  const bytes = new Uint8Array(1 + Math.floor(last / 8) + 1)
  bytes[0] = 7 - (last % 8)
  for (const bit of bits) bytes[1 + Math.floor(bit / 8)]! |= 0x80 >> (bit % 8)
  return tlv(0x03, bytes)
}

/** @param dotted  such as `2.5.29.17` */
export function objectIdentifier(dotted: string): Der {
  const [first, second, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, Uint8Array.from([first! * 40 + second!, ...rest.flatMap(base128)]))
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on; whole seconds. */
export function time(date: Date): Der {
  const digits = date.toISOString().slice(0, 19).replace(/[-T:]/g, '')
  const year = date.getUTCFullYear()
  if (year >= 1950 && year < 2050) return tlv(0x17, Buffer.from(`${digits.slice(2)}Z`))
  return tlv(0x18, Buffer.from(`${digits}Z`))
}

function base128(number: number): number[] {
  const bytes = [number & 0x7f]
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}

function tlv(tag: number, ...parts: Der[]): Buffer {
  let length = 0
  for (const part of parts) length += part.length
  return Buffer.concat([Uint8Array.of(tag, ...lengthBytes(length)), ...parts])
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return [0x80 | bytes.length, ...bytes]
}
