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
  throw new IdentityError({
    code: 'bad_key',
    problem: `${whose} must be a ${type} P-256 key; this is a ${key.type} ${curve ?? key.asymmetricKeyType} key`,
    section: 'RFC 7518 §3.4',
    hint: 'Make one with generateKeyPair().',
  })
}
