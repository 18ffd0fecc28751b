import type { KeyObject } from 'node:crypto'

const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Whether a public key is of a kind and a size that today's signatures may rest on. */
export function isStrong(key: KeyObject): boolean {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec') return curves.includes(namedCurve!)
  if (key.asymmetricKeyType === 'rsa') return modulusLength! >= 2048
  return key.asymmetricKeyType === 'ed25519'
}
