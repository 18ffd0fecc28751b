import { IdentityError } from '../error.ts'
import type { JwtAuthority } from '../jwt-authority/create.ts'
import { isMember, parseSpiffeId, renderSpiffeId, type SpiffeId } from '../spiffe-id.ts'
import { foreign } from '../trust-domain.ts'
import { signEs256 } from './algorithm.ts'
import { tokenError } from './token-error.ts'

const fiveMinutes = 300

/**
 * Signs a JWT-SVID with ES256.
 * @param authority  of the trust domain of `id`
 * @param id         whom the token speaks of; with a path
 * @param audience   for whom it is; one name is best, for each can show it to the others (JWT-SVID §7.2)
 * @param now        the time; whole seconds count
 * @param lifeSeconds  5 minutes if left out: a token that is stolen is good until it ends (§7.1)
 * @throws {IdentityError} `foreign_trust_domain`, `wrong_subject`, `wrong_audience`, `bad_lifetime`
 * @example signJwtSvid(authority, { id, audience: 'spiffe://hardway.test/calculator', now: new Date() })
 */
export function signJwtSvid(
  authority: JwtAuthority,
  request: { id: SpiffeId; audience: string | readonly string[]; now: Date; lifeSeconds?: number },
): string {
  const { id, audience, now, lifeSeconds = fiveMinutes } = request
  requireSubject(authority, id)
  requireAudience(audience)
  const iat = Math.floor(now.getTime() / 1000)
  if (!(Number.isSafeInteger(lifeSeconds) && lifeSeconds > 0 && Number.isSafeInteger(iat + lifeSeconds))) {
    throw tokenError('bad_lifetime', `A token cannot live for ${lifeSeconds} seconds`, 'JWT-SVID §3.3')
  }
  const header = { alg: 'ES256', kid: authority.keyId, typ: 'JWT' }
  const claims = { sub: renderSpiffeId(id), aud: audience, exp: iat + lifeSeconds, iat }
  const input = `${encoded(header)}.${encoded(claims)}`
  return `${input}.${signEs256(input, authority.privateKey)}`
}

function requireSubject({ trustDomain }: JwtAuthority, id: SpiffeId): void {
  if (!isMember(id, trustDomain)) {
    throw new IdentityError(foreign(renderSpiffeId(id), id.trustDomain, trustDomain))
  }
  const { path } = parseSpiffeId(renderSpiffeId(id)) // whoever put it together by hand
  if (path === '') throw tokenError('wrong_subject', `${renderSpiffeId(id)} names nobody`, 'JWT-SVID §3.1')
}

function requireAudience(audience: string | readonly string[]): void {
  const names = typeof audience === 'string' ? [audience] : audience
  if (names.length > 0 && names.every(name => typeof name === 'string' && name !== '')) return
  throw tokenError('wrong_audience', 'A token must be for somebody', 'JWT-SVID §3.2')
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
