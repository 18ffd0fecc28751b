import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { orThrow } from './error.ts'
import type { KeyPair } from './key-pair.ts'

/** A private key as PKCS #8 PEM, which Envoy and openssl read. Whoever stores it guards it: mode 0600. */
export function renderPrivateKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

/**
 * Reads a private key and computes its public half.
 * @throws {IdentityError} `bad_key`; the text is never part of the message
 */
export function parsePrivateKey(pem: string): KeyPair {
  return orThrow(
    () => {
      const privateKey = createPrivateKey(pem)
      return { privateKey, publicKey: createPublicKey(privateKey) }
    },
    {
      code: 'bad_key',
      problem: 'This is no private key in PEM that can be read',
      section: 'RFC 5958 §5',
      hint: 'Give the text from -----BEGIN PRIVATE KEY----- to its end, not encrypted.',
    },
  )
}
