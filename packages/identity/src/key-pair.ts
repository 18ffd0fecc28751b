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
  if (key.type === type && key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return
  throw badKey(
    `${whose} must be a ${type} P-256 key; this is a ${key.type} ${curve ?? key.asymmetricKeyType} key`,
  )
}

/** The head of SubjectPublicKeyInfo (26 bytes), and an uncompressed point (RFC 5480 §2). */
const spkiLength = 26 + 65

/**
 * The SubjectPublicKeyInfo of a P-256 key, in the one form that everybody reads: the curve by its name (RFC 5480 §2.1.1),
 * the point uncompressed.
 * @throws {IdentityError} `bad_key`
 */
export function p256Spki(key: KeyObject, whose: string): Buffer {
  requireP256(key, 'public', whose)
  const spki = key.export({ type: 'spki', format: 'der' })
  if (spki.length === spkiLength) return spki
  throw badKey(`${whose} spells out its curve, or its point is compressed`)
}

function badKey(problem: string): IdentityError {
  const hint = 'Make one with generateKeyPair().'
  return new IdentityError({ code: 'bad_key', problem, section: 'RFC 5480 §2', hint })
}
