import { type KeyObject, verify } from 'node:crypto'
import { isStrong } from '../strong-key.ts'
import type { Certificate } from './certificate.ts'

interface Algorithm {
  name: string
  key: string
  /** Absent where the algorithm has its own. */
  hash?: string
}

/** What counts as a signature: no MD5, no SHA-1. By the number of the algorithm (RFC 5758, RFC 4055, RFC 8410). */
const algorithms: Record<string, Algorithm> = {
  '1.2.840.10045.4.3.2': { name: 'ECDSA with SHA-256', key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { name: 'ECDSA with SHA-384', key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { name: 'ECDSA with SHA-512', key: 'ec', hash: 'sha512' },
  '1.2.840.113549.1.1.11': { name: 'RSA with SHA-256', key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { name: 'RSA with SHA-384', key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { name: 'RSA with SHA-512', key: 'rsa', hash: 'sha512' },
  '1.3.101.112': { name: 'Ed25519', key: 'ed25519' },
}

/** Plain words for the number of an algorithm, if it is one that counts. */
export function signatureAlgorithmName(id: string): string | undefined {
  return Object.hasOwn(algorithms, id) ? algorithms[id]!.name : undefined
}

/** Whether the owner of a key signed a certificate. */
export function isSignedBy(certificate: Certificate, signer: KeyObject): boolean {
  const { id } = certificate.signatureAlgorithm
  const algorithm = Object.hasOwn(algorithms, id) ? algorithms[id] : undefined
  if (algorithm?.key !== signer.asymmetricKeyType || !isStrong(signer)) return false
  return verify(algorithm!.hash ?? null, certificate.toBeSigned, signer, certificate.signature)
}
