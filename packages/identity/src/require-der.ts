import { IdentityError } from './error.ts'

/** Deep enough for any certificate; deeper nesting is an attack on the stack of whoever reads it. */
const deepest = 32

/**
 * Makes sure that bytes are one whole DER value, each part in its one shortest form (X.690 §10). Looser encodings are
 * read in two ways by two programs: one checks a certificate, the other obeys it.
 * @throws {IdentityError} `bad_certificate`
 */
export function requireDer(bytes: Uint8Array): void {
  const end = requireValue(bytes, 0, bytes.length, 0)
  if (end !== bytes.length) throw notDer(`${bytes.length - end} bytes follow its end`)
}

/** Checks one value and all that it contains. @returns where it ends */
function requireValue(bytes: Uint8Array, start: number, limit: number, depth: number): number {
  if (depth > deepest) throw notDer('it is nested too deep')
  const tag = bytes[start]
  if (tag === undefined || start >= limit) throw notDer('it is cut off')
  if ((tag & 0x1f) === 0x1f) throw notDer('it has a long tag')
  const { content, length } = lengthAt(bytes, start + 1, limit)
  const end = content + length
  if (end > limit) throw notDer('it is cut off')
  if (tag & 0x20) {
    for (let at = content; at < end; ) at = requireValue(bytes, at, end, depth + 1)
  } else {
    requirePrimitive(tag, bytes.subarray(content, end))
  }
  return end
}

function lengthAt(bytes: Uint8Array, at: number, limit: number): { content: number; length: number } {
  const first = bytes[at]
  if (first === undefined || at >= limit) throw notDer('it is cut off')
  if (first < 0x80) return { content: at + 1, length: first }
  const size = first & 0x7f
  if (size === 0) throw notDer('a length is indefinite')
  if (size > 4 || at + 1 + size > limit) throw notDer('a length is out of range')
  let length = 0
  for (let index = 1; index <= size; index++) length = length * 256 + bytes[at + index]!
  if (length < 0x80 || length < 256 ** (size - 1)) throw notDer('a length is not in its shortest form')
  return { content: at + 1 + size, length }
}

const tags = { boolean: 0x01, integer: 0x02, bitString: 0x03, utcTime: 0x17, generalizedTime: 0x18 }

function requirePrimitive(tag: number, content: Uint8Array): void {
  const [first, second] = content
  if (tag === tags.boolean && !(content.length === 1 && (first === 0 || first === 0xff))) {
    throw notDer('a BOOLEAN is neither 00 nor FF')
  }
  if (tag === tags.integer) {
    if (first === undefined) throw notDer('an INTEGER is empty')
    const padded = (first === 0 && second! < 0x80) || (first === 0xff && second! >= 0x80)
    if (padded) throw notDer('an INTEGER is not in its shortest form')
  }
  if (tag === tags.bitString) requireBits(content)
  // RFC 5280 §4.1.2.5: in Zulu time and with seconds, so that nobody's time zone comes in.
  if (tag === tags.utcTime && !/^\d{12}Z$/.test(latin1(content))) throw notDer('a UTCTime is wrong')
  if (tag === tags.generalizedTime && !/^\d{14}Z$/.test(latin1(content))) {
    throw notDer('a GeneralizedTime is wrong')
  }
}

function latin1(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1')
}

function requireBits(content: Uint8Array): void {
  const [unused] = content
  const last = content.at(-1)!
  const wrong = unused === undefined || unused > 7 || (content.length === 1 && unused > 0)
  if (wrong || (content.length > 1 && last & ((1 << unused) - 1))) throw notDer('a BIT STRING is wrong')
}

function notDer(reason: string): IdentityError {
  return new IdentityError({
    code: 'bad_certificate',
    problem: `The certificate is not in DER: ${reason}`,
    section: 'RFC 5280 §4.1',
    hint: 'Issue it again; a certificate cannot be repaired.',
  })
}
