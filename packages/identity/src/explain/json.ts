import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { readBundleDocument } from '../bundle/read-document.ts'
import { type BundleFinding, readKey } from '../bundle/read-key.ts'
import { IdentityError } from '../error.ts'
import { tokenProblem } from '../jwt-svid/token-error.ts'
import {
  type BrokenRule,
  type ExplainedDocument,
  type Explanation,
  type Field,
  must,
  should,
} from './explanation.ts'
import { keyFields, keyKind } from './key.ts'

type Members = Record<string, unknown>

/** Explains a SPIFFE bundle, a JWK Set, a single JWK, or a JWS in JSON. */
export function explainJson(text: string): Explanation {
  const value = members(parsed(text))
  if (!value)
    return {
      documents: [broken('unreadable JSON', 'It begins like JSON.', 'It is no JSON object', 'RFC 7517 §5')],
    }
  if ('payload' in value) return { documents: [jsonToken] }
  if ('kty' in value) return { documents: [explainJwk(value)] }
  const keys = Array.isArray(value.keys) ? value.keys : []
  const uses = keys.map(key => members(key)?.use)
  const plain = keys.length > 0 && !uses.some(use => use === 'x509-svid' || use === 'jwt-svid')
  if (plain && !('spiffe_sequence' in value)) return { documents: [explainJwkSet(keys)] }
  return { documents: [explainBundle(text, keys)] }
}

function explainBundle(text: string, keys: readonly unknown[]): ExplainedDocument {
  const purpose = 'It holds the keys that vouch for one trust domain. Whose it is, it does not say itself.'
  const kind = 'SPIFFE bundle'
  const findings = keys.flatMap((key, index) => readKey(key, index).findings.map(brokenKey))
  try {
    const { sequence, refreshHint } = readBundleDocument(text)
    const fields = [
      { name: 'spiffe_sequence', value: `${sequence ?? '(absent)'}`, meaning: 'rises with each change' },
      {
        name: 'spiffe_refresh_hint',
        value: `${refreshHint ?? '(absent)'}`,
        meaning: 'look again after so many seconds',
      },
      ...keys.flatMap(bundleKeyFields),
    ]
    return { kind, purpose, fields, broken: findings }
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return { kind, purpose, fields: keys.flatMap(bundleKeyFields), broken: [must(error), ...findings] }
  }
}

function bundleKeyFields(entry: unknown, index: number): Field[] {
  const { x509Authority: root, jwtKey } = readKey(entry, index)
  const name = `key ${index + 1}`
  if (root) {
    const value = `x509-svid, ${keyKind(root.publicKey)}, "${root.subject.text}" until ${root.notAfter.toISOString()}`
    return [{ name, value, meaning: 'a root: it vouches for X509-SVIDs' }]
  }
  if (jwtKey) {
    const value = `jwt-svid, ${keyKind(jwtKey.publicKey)}, kid ${jwtKey.keyId}`
    return [{ name, value, meaning: 'it verifies JWT-SVIDs' }]
  }
  return [{ name, value: 'passed over', meaning: 'it cannot be used; the reason is below' }]
}

function brokenKey({ index, passedOver, problem, section }: BundleFinding): BrokenRule {
  const rule = {
    code: 'bad_bundle_key',
    problem: `Key ${index + 1}: ${problem}`,
    section,
    hint: 'Ask whoever publishes the bundle.',
  } as const
  return passedOver ? must(rule) : should(rule)
}

function explainJwkSet(keys: readonly unknown[]): ExplainedDocument {
  const documents = keys.map(key => explainJwk(members(key) ?? {}))
  const numbered = <T extends Field | BrokenRule>(items: readonly T[], index: number) =>
    items.map(item => ('name' in item ? { ...item, name: `key ${index + 1}, ${item.name}` } : item))
  return {
    kind: 'JWK Set',
    purpose: 'It holds keys for Envoy or jose; it is no SPIFFE bundle, for no key has a use of SPIFFE.',
    fields: documents.flatMap(({ fields }, index) => numbered(fields, index)),
    broken: documents.flatMap(({ broken }) => broken),
  }
}

/** Names only what is public. */
function explainJwk(jwk: Members): ExplainedDocument {
  const secret = 'd' in jwk || 'k' in jwk
  const { kty, crv, x, y, n, e } = jwk
  const named = (['kid', 'use', 'alg'] as const)
    .filter(name => typeof jwk[name] === 'string')
    .map(name => ({ name, value: jwk[name] as string, meaning: meanings[name] }))
  const kind = secret ? 'private JWK' : 'JWK'
  const purpose = secret ? 'It is secret, and must never be in a file that others read.' : 'A public key.'
  try {
    const key = createPublicKey({ key: { kty, crv, x, y, n, e } as JsonWebKey, format: 'jwk' })
    return { kind, purpose, fields: [...named, ...keyFields(key)], broken: secret ? [leaked] : [] }
  } catch {
    const problem = 'It is no public key of a known kind'
    return { ...broken(kind, purpose, problem, 'RFC 7517 §4'), fields: named }
  }
}

const meanings = {
  kid: 'the name of the key',
  use: 'what it is for',
  alg: 'the one algorithm that it is for',
} as const

const leaked = must({
  code: 'bad_key',
  problem: 'It has its private part in it',
  section: 'RFC 7517 §9.2',
  hint: 'If others can read it, make a new key.',
})

const jsonToken: ExplainedDocument = {
  kind: 'JWS in JSON',
  purpose: 'It is signed like a token, but written as JSON.',
  fields: [],
  broken: [must(tokenProblem('bad_token', 'A JWT-SVID is never in JSON', 'JWT-SVID §5.1'))],
}

function broken(kind: string, purpose: string, problem: string, section: string): ExplainedDocument {
  const rule = must({ code: 'bad_bundle', problem, section, hint: 'Get it again from where it came.' })
  return { kind, purpose, fields: [], broken: [rule] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function members(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}
