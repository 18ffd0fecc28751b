import { constants, type KeyObject, sign, verify } from 'node:crypto'

/** JWT-SVID §2.1: these and no others. By the name in `alg`; see RFC 7518 §3.3 to §3.5. */
const algorithms = {
  ES256: { hash: 'sha256', curve: 'prime256v1' },
  ES384: { hash: 'sha384', curve: 'secp384r1' },
  ES512: { hash: 'sha512', curve: 'secp521r1' },
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  RS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
  PS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PSS_PADDING },
  PS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PSS_PADDING },
} as const

export type Algorithm = keyof typeof algorithms
export const algorithmNames = Object.keys(algorithms) as Algorithm[]

export function isAlgorithm(name: unknown): name is Algorithm {
  return algorithmNames.includes(name as Algorithm)
}

/** Whether a key is of the kind that an algorithm takes: none may be talked into another one. */
export function takesKey(name: Algorithm, key: KeyObject): boolean {
  const algorithm = algorithms[name]
  if ('curve' in algorithm) return key.asymmetricKeyDetails?.namedCurve === algorithm.curve
  return key.asymmetricKeyType === 'rsa'
}

/** ES256. `node:crypto` signs at once; WebCrypto, which jose uses, takes three times as long to do it elsewhere. */
export function signEs256(input: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

export function isSigned(name: Algorithm, input: string, signature: Uint8Array, key: KeyObject): boolean {
  const algorithm = algorithms[name]
  const how =
    'curve' in algorithm
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : { key, padding: algorithm.padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return verify(algorithm.hash, Buffer.from(input), how, signature)
}
