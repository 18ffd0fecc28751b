import { IdentityError } from '../error.ts'

/** Gives as many bytes as asked for, which nobody can foretell; `randomBytes` of `node:crypto` does. */
export type Randomness = (size: number) => Uint8Array

/**
 * 16 bytes, of which 126 bits are random: positive (RFC 5280 §4.1.2.2), always of the same length, and not to be foretold,
 * so that nobody can prepare another certificate with the same hash.
 * @throws {IdentityError} `bad_randomness`
 */
export function serialNumber(random: Randomness): Uint8Array {
  const bytes = Uint8Array.from(random(16))
  if (bytes.length !== 16) {
    throw new IdentityError({
      code: 'bad_randomness',
      problem: `Asked for 16 random bytes and got ${bytes.length}`,
      section: 'RFC 5280 §4.1.2.2',
      hint: 'Hand in randomBytes of node:crypto.',
    })
  }
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes
}
