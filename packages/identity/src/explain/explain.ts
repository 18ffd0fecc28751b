import type { Bundle } from '../bundle/bundle.ts'
import type { Explanation } from './explanation.ts'
import { explainJson } from './json.ts'
import { explainName } from './name.ts'
import { explainPem } from './pem.ts'
import { explainToken } from './token.ts'

/** What helps to say whether a document is to be trusted; each may be left out. */
export interface Judge {
  bundles?: readonly Bundle[]
  /** The validator's own name, for tokens. */
  audience?: string
  now?: Date
}

/**
 * Explains a certificate or a chain of them, a key, a JWT, a SPIFFE bundle or JWK Set, a SPIFFE ID or the name of a trust
 * domain: what each part means, and which rules it breaks. What is broken is explained as far as it goes; nothing is
 * thrown. A secret is never repeated.
 * @param text   PEM, a token with or without `Bearer`, JSON, or a name
 * @param judge  with bundles and a time (and an audience for a token) there is a verdict too
 */
export function explain(text: string, judge: Judge = {}): Explanation {
  const trimmed = text.trim()
  if (trimmed.includes('-----BEGIN ')) return explainPem(trimmed, judge)
  if (/^[{[]/.test(trimmed)) return explainJson(trimmed)
  const token = trimmed.replace(/^(authorization: *)?bearer +/i, '')
  if (/^[\w=-]+(\.[\w=-]*){2,4}$/.test(token) && token.startsWith('ey')) return explainToken(token, judge)
  return explainName(trimmed)
}
