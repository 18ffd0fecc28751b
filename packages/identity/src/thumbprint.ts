import { hash, type JsonWebKey, type KeyObject } from 'node:crypto'
import { orThrow } from './error.ts'

/** RFC 7638 §3.2: what makes a key, in lexicographic order. */
const members: Record<string, readonly (keyof JsonWebKey)[]> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
}

/**
 * The JWK SHA-256 thumbprint of a key (RFC 7638), the same for both halves: a name that follows from the key alone.
 * @throws {IdentityError} `bad_key` for a key that is none of EC, OKP and RSA
 */
export function thumbprint(key: KeyObject): string {
  return orThrow(() => hash('sha256', essence(key), 'base64url'), {
    code: 'bad_key',
    problem: `A ${key.asymmetricKeyType ?? key.type} key has no thumbprint`,
    section: 'RFC 7638 §3.2',
    hint: 'Give an EC, OKP or RSA key.',
  })
}

function essence(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' }) // throws for kinds of keys that no JWK has
  return JSON.stringify(Object.fromEntries(members[jwk.kty!]!.map(name => [name, jwk[name]])))
}
