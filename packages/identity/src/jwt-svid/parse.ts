import { tokenError } from './token-error.ts'

/** What a token says, read and not yet judged. */
export interface ParsedToken {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  /** What is signed over. */
  signingInput: string
  signature: Uint8Array
}

/** What fits into a header of HTTP. */
const longest = 8192

/**
 * Reads a JWT in compact form (JWT-SVID §5.1); no claim is checked and no signature verified.
 * @throws {IdentityError} `bad_token`
 */
export function parseToken(token: string): ParsedToken {
  if (typeof token !== 'string' || token.length > longest)
    throw bad(`It is longer than ${longest} characters`)
  const parts = token.split('.')
  const [header, claims, signature] = parts
  if (parts.length !== 3) throw bad(`It has ${parts.length} parts between dots instead of 3`)
  return {
    header: object(header!, 'header'),
    claims: object(claims!, 'payload'),
    signingInput: `${header}.${claims}`,
    signature: bytes(signature!, 'signature'),
  }
}

/** One value has one text: base64url as RFC 7515 §2 writes it, without padding, white space or left-over bits. */
function bytes(part: string, name: string): Buffer {
  const decoded = Buffer.from(part, 'base64url')
  if (part !== '' && decoded.toString('base64url') === part) return decoded
  throw bad(`Its ${name} is empty or not base64url`)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function object(part: string, name: string): Record<string, unknown> {
  const decoded = bytes(part, name)
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(decoded))
  } catch {
    throw bad(`Its ${name} is not JSON`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw bad(`Its ${name} is not a JSON object`)
}

function bad(problem: string) {
  return tokenError('bad_token', problem, 'JWT-SVID §5.1')
}
