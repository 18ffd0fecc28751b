import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { IdentityError } from '../error.ts'
import { thumbprint } from '../thumbprint.ts'
import { renderPem } from '../x509/pem.ts'
import { type ExplainedDocument, type Field, must } from './explanation.ts'

const secret: Field = { name: 'secret', value: 'not shown', meaning: 'whoever knows it is its owner' }

/** Says what a private key is and which public key belongs to it, and nothing else. */
export function explainPrivateKey(label: string, der: Uint8Array): ExplainedDocument {
  const purpose =
    'It is secret: it proves that its holder is who a certificate or token says. Keep it with mode 0600.'
  if (label === 'ENCRYPTED PRIVATE KEY') {
    return { kind: 'encrypted private key', purpose, fields: [secret], broken: [] }
  }
  try {
    const key = createPublicKey(createPrivateKey(renderPem(label, der)))
    return { kind: 'private key', purpose, fields: [secret, ...keyFields(key)], broken: [] }
  } catch {
    return { kind: 'unreadable private key', purpose, fields: [secret], broken: [unreadable] }
  }
}

export function explainPublicKey(der: Uint8Array): ExplainedDocument {
  const purpose = 'It verifies what the private half signed; everybody may know it.'
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
    return { kind: 'public key', purpose, fields: keyFields(key), broken: [] }
  } catch {
    return { kind: 'unreadable public key', purpose, fields: [], broken: [unreadable] }
  }
}

/** Of a public key. */
export function keyFields(key: KeyObject): Field[] {
  return [{ name: 'key', value: keyKind(key), meaning: 'its kind and size' }, ...thumbprintField(key)]
}

/** Such as `EC P-256` or `RSA 2048`. */
export function keyKind(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  const size = namedCurve === 'prime256v1' ? 'P-256' : (namedCurve ?? modulusLength ?? '')
  return `${key.asymmetricKeyType?.toUpperCase()} ${size}`.trim()
}

function thumbprintField(key: KeyObject): Field[] {
  try {
    return [
      {
        name: 'thumbprint',
        value: thumbprint(key),
        meaning: 'names the key, and is the same for both halves',
      },
    ]
  } catch (error) {
    if (error instanceof IdentityError) return []
    throw error
  }
}

const unreadable = must({
  code: 'bad_key',
  problem: 'It cannot be read as a key',
  section: 'RFC 5958 §2',
  hint: 'Make a new one, and issue again whatever rests on it.',
})
