import { IdentityError } from '../error.ts'
import {
  audienceProblems,
  claimProblems,
  claimTimeProblems,
  isoTime,
  type JwtSvidClaims,
} from '../jwt-svid/claim-rules.ts'
import { headerProblems } from '../jwt-svid/header-rules.ts'
import { parseToken } from '../jwt-svid/parse.ts'
import { tokenProblem } from '../jwt-svid/token-error.ts'
import { verifyJwtSvid } from '../jwt-svid/verify.ts'
import { renderSpiffeId } from '../spiffe-id.ts'
import type { Judge } from './explain.ts'
import { type BrokenRule, type Explanation, type Field, must, should, type Verdict } from './explanation.ts'

type Members = Record<string, unknown>

/** Explains a JWT. The token itself is not repeated: whoever holds it can use it. */
export function explainToken(token: string, judge: Judge): Explanation {
  const [header, claims, signature = ''] = token.split('.')
  const verdict = judgeToken(token, judge)
  const document = {
    kind: token.split('.').length === 5 ? 'encrypted token' : 'JWT-SVID',
    purpose: 'It says on whose behalf a request is made. Whoever holds it can use it until it ends.',
    fields: [...headerFields(members(header)), ...claimFields(members(claims)), signatureField(signature)],
    broken: brokenRules(token, members(header), members(claims), judge),
  }
  return { documents: [document], ...(verdict && { verdict }) }
}

/** As far as it can be read. */
function members(part = ''): Members | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Members) : undefined
  } catch {
    return undefined
  }
}

const headerMeanings: Record<string, string> = {
  alg: 'how it is signed',
  kid: 'which key of the bundle has signed it',
  typ: 'what it is: JWT, JOSE or nothing',
}

function headerFields(header: Members = {}): Field[] {
  return Object.entries(header).map(([name, value]) => ({
    name,
    value: shown(value),
    meaning: headerMeanings[name] ?? 'no JWT-SVID has this in its header',
  }))
}

const claimMeanings: Record<string, string> = {
  sub: 'the SPIFFE ID: who this is',
  aud: 'for whom it is: nobody else may take it',
  exp: 'valid until then',
  iat: 'issued then',
  nbf: 'valid from then on',
  iss: 'who says that it issued it; only the signature counts',
  jti: 'its number',
}

function claimFields(claims: Members = {}): Field[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value: ['exp', 'iat', 'nbf'].includes(name) && typeof value === 'number' ? isoTime(value) : shown(value),
    meaning: claimMeanings[name] ?? 'unknown to SPIFFE: both sides must agree on it',
  }))
}

function signatureField(signature: string): Field {
  const bytes = Buffer.from(signature, 'base64url').length
  return { name: 'signature', value: `${bytes} bytes`, meaning: 'over the header and the claims as they are' }
}

function brokenRules(
  token: string,
  header: Members | undefined,
  claims: Members | undefined,
  judge: Judge,
): BrokenRule[] {
  const broken = [
    ...formProblems(token),
    ...(header ? headerProblems(header) : []),
    ...(claims ? claimProblems(claims) : []),
  ].map(must)
  if (!claims || claimProblems(claims).length > 0) return broken
  const right = claims as JwtSvidClaims
  const times = judge.now ? claimTimeProblems(right, judge.now) : []
  const audience = judge.audience === undefined ? [] : audienceProblems(right, judge.audience)
  return [...broken, ...[...times, ...audience].map(must), ...advice(right)]
}

function formProblems(token: string) {
  try {
    parseToken(token)
    return []
  } catch (error) {
    return [error as IdentityError]
  }
}

function advice({ aud }: JwtSvidClaims): BrokenRule[] {
  if (typeof aud === 'string' || aud.length === 1) return []
  const problem = `It is for ${aud.length} names, and each can show it to the others`
  return [should(tokenProblem('wrong_audience', problem, 'JWT-SVID §7.2'))]
}

function judgeToken(token: string, { bundles, audience, now }: Judge): Verdict | undefined {
  if (!bundles || audience === undefined || !now) return undefined
  try {
    const { id } = verifyJwtSvid(token, { bundles, audience, now })
    return { accepted: true, reason: `${audience} may take this for ${renderSpiffeId(id)}.` }
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return { accepted: false, reason: `${error.problem} (${error.section}).` }
  }
}

/** A JWK may stand anywhere in a token; its private members are not repeated. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']

function shown(value: unknown): string {
  if (typeof value === 'string') return cut(value)
  return cut(JSON.stringify(value, (name, member) => (secretMembers.includes(name) ? 'not shown' : member)))
}

function cut(text: string): string {
  return text.length > 2048 ? `${text.slice(0, 2048)}…` : text
}
