import type { IdentityError, Problem } from '../error.ts'
import { parseSpiffeId } from '../spiffe-id.ts'
import { tokenProblem } from './token-error.ts'

/** Claims without problems. */
export interface JwtSvidClaims {
  sub: string
  aud: string | string[]
  /** In seconds since 1970, as are the next two. */
  exp: number
  nbf?: number
  iat?: number
  [name: string]: unknown
}

/** Every rule of JWT-SVID §3 that claims break, whoever asks and whatever the time is. */
export function claimProblems({ sub, aud, exp, nbf, iat }: Record<string, unknown>): Problem[] {
  const problems = subjectProblems(sub)
  const audience = typeof aud === 'string' ? [aud] : aud
  const named = Array.isArray(audience) && audience.length > 0 && audience.every(isName)
  if (!named) {
    problems.push(tokenProblem('wrong_audience', 'Its aud names nobody', 'JWT-SVID §3.2'))
  }
  if (!Number.isFinite(exp))
    problems.push(tokenProblem('wrong_expiry', 'Its exp is no time', 'JWT-SVID §3.3'))
  for (const [name, value] of Object.entries({ nbf, iat })) {
    if (value === undefined || Number.isFinite(value)) continue
    problems.push(tokenProblem('wrong_expiry', `Its ${name} is no time`, 'RFC 7519 §4.1'))
  }
  return problems
}

/** In seconds, for clocks that differ (RFC 7519 §4.1.4). */
const usualLeeway = 5

/** Whether the claims hold at a time. */
export function claimTimeProblems({ exp, nbf }: JwtSvidClaims, now: Date, leeway = usualLeeway): Problem[] {
  const seconds = now.getTime() / 1000
  if (!(seconds < exp + leeway)) {
    return [
      tokenProblem(
        'expired',
        `It was valid until ${isoTime(exp)}, and it is ${isoTime(seconds)}`,
        'JWT-SVID §3.3',
      ),
    ]
  }
  if (nbf !== undefined && !(seconds >= nbf - leeway)) {
    const problem = `It is valid from ${isoTime(nbf)} on, and it is ${isoTime(seconds)}`
    return [tokenProblem('not_yet_valid', problem, 'RFC 7519 §4.1.5')]
  }
  return []
}

/** JWT-SVID §3.2: only a token that names the validator is for the validator. */
export function audienceProblems({ aud }: JwtSvidClaims, audience: string): Problem[] {
  const named = typeof aud === 'string' ? [aud] : aud
  if (audience !== '' && named.includes(audience)) return []
  const problem = `It is for ${named.map(name => JSON.stringify(name)).join(', ')}, not for "${audience}"`
  return [tokenProblem('wrong_audience', problem, 'JWT-SVID §3.2')]
}

function subjectProblems(sub: unknown): Problem[] {
  if (typeof sub !== 'string')
    return [tokenProblem('wrong_subject', 'Its sub is no SPIFFE ID', 'JWT-SVID §3.1')]
  try {
    parseSpiffeId(sub)
    return []
  } catch (error) {
    const { problem } = error as IdentityError
    return [tokenProblem('wrong_subject', `Its sub is no SPIFFE ID: ${problem}`, 'JWT-SVID §3.1')]
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** As far as dates reach: `exp` has no limit. */
export function isoTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString()
}
