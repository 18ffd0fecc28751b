import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { IdentityError } from './error.ts'

export interface KeyPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

/** A new P-256 key pair. Its randomness is the platform's: a key is the one thing here that nobody may choose. */
export function generateKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** @throws {IdentityError} `bad_key` */
export function requireP256(key: KeyObject, type: 'public' | 'private', whose: string): void {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (key.type !== type || curve !== 'prime256v1') throw badKey(type, whose)
}

/** SubjectPublicKeyInfo of a P-256 key up to its point, which is uncompressed: 04 (RFC 5480 §2). */
const spkiHead = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/**
 * The SubjectPublicKeyInfo of a P-256 key, in the one form that everybody reads: the curve by its name (RFC 5480 §2.1.1),
 * the point uncompressed.
 * @throws {IdentityError} `bad_key`
 */
export function p256Spki(key: KeyObject, whose: string): Buffer {
  const spki = key.type === 'public' ? key.export({ type: 'spki', format: 'der' }) : undefined
  if (spki?.subarray(0, spkiHead.length).equals(spkiHead)) return spki
  throw badKey('public', whose)
}

function badKey(type: string, whose: string): IdentityError {
  return new IdentityError({
    code: 'bad_key',
    problem: `${whose} is not a ${type} P-256 key, of a named curve and with an uncompressed point`,
    section: 'RFC 5480 §2',
    hint: 'Make one with generateKeyPair().',
  })
}
