import { createHmac, type KeyObject } from 'node:crypto'
import { signEs256 } from '../jwt-svid/algorithm.ts'

/** What a token is to say, whatever the rules are. */
export interface TokenForgery {
  header: object
  claims: object
}

/**
 * A token with any header and any claims.
 * @param key  signs with ES256, whatever the header says; a text is the secret of HS256; without one nothing is signed
 */
export function forgeToken({ header, claims }: TokenForgery, key?: KeyObject | string): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  if (key === undefined) return `${input}.`
  if (typeof key === 'string')
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
  return `${input}.${signEs256(input, key)}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
