import type { KeyObject } from 'node:crypto'

/** In bits. A larger one, sent by a stranger, would keep whoever verifies busy. */
const largest = 8192
const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Whether a public key is of a kind and a size that today's signatures may rest on. Others are never used to verify. */
export function isStrong(key: KeyObject): boolean {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec') return curves.includes(namedCurve!)
  if (key.asymmetricKeyType === 'rsa') return modulusLength! >= 2048 && modulusLength! <= largest
  return key.asymmetricKeyType === 'ed25519'
}
