import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { forgeToken } from '../forge/token.ts'
import { signJwtSvid } from '../jwt-svid/sign.ts'
import { verifyJwtSvid } from '../jwt-svid/verify.ts'
import { parseSpiffeId } from '../spiffe-id.ts'
import type { ForeignRule, OwnRule, Rule } from './rule.ts'
import { abroad, audience, bundles, home, id, now } from './trust-domains.ts'

const seconds = now.getTime() / 1000
const right = {
  header: { alg: 'ES256', kid: home.jwt.keyId, typ: 'JWT' } as Record<string, unknown>,
  claims: { sub: id, aud: audience, exp: seconds + 300 } as Record<string, unknown>,
}
const headerOnly = (header: Record<string, unknown>) =>
  signed({ ...right, header: { ...right.header, ...header } })
const claimsOnly = (claims: Record<string, unknown>) =>
  signed({ ...right, claims: { ...right.claims, ...claims } })
const publicPem = createPublicKey(home.jwt.privateKey).export({ type: 'spki', format: 'pem' }) as string
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const flipped = (token: string, part: number) => {
  const parts = token.split('.')
  const first = parts[part]!.startsWith('A') ? 'B' : 'A'
  parts[part] = first + parts[part]!.slice(1)
  return parts.join('.')
}

function signed(forgery: { header: object; claims: object }): string {
  return forgeToken(forgery, home.jwt.privateKey)
}

type Row = [section: string, rule: string, passes: string, fails: string, refusal: OwnRule['refusal']]
const token = signed(right)

const verifying: Row[] = [
  [
    '5.1',
    'a token is in compact form',
    token,
    JSON.stringify({ payload: 'a', signature: 'b', protected: 'c' }),
    'bad_token',
  ],
  ['5.1', 'it has three parts', token, `${token}.`, 'bad_token'],
  ['5.1', 'base64url has one form', token, `${token}=`, 'bad_token'],
  [
    '2.1',
    'alg is never none',
    token,
    forgeToken({ ...right, header: { ...right.header, alg: 'none' } }),
    'bad_token',
  ],
  ['2.1', 'alg none is refused whatever follows', token, headerOnly({ alg: 'none' }), 'wrong_algorithm'],
  [
    '2.1',
    'alg is never HS256: the public key is no secret',
    token,
    forgeToken({ ...right, header: { ...right.header, alg: 'HS256' } }, publicPem),
    'wrong_algorithm',
  ],
  ['2.1', 'alg is not EdDSA', token, headerOnly({ alg: 'EdDSA' }), 'wrong_algorithm'],
  ['2.1', 'the case of alg counts', token, headerOnly({ alg: 'es256' }), 'wrong_algorithm'],
  ['2.1', 'alg fits the key', token, headerOnly({ alg: 'ES384' }), 'wrong_algorithm'],
  ['2.2', 'kid is there', token, headerOnly({ kid: undefined }), 'wrong_key_id'],
  ['2.2', 'kid names a key of the bundle', token, headerOnly({ kid: 'unknown' }), 'wrong_key_id'],
  ['2.3', 'typ may be absent', headerOnly({ typ: undefined }), headerOnly({ typ: 'at+jwt' }), 'wrong_header'],
  ['2.3', 'typ may be JOSE', headerOnly({ typ: 'JOSE' }), headerOnly({ typ: 'jose' }), 'wrong_header'],
  ['2', 'the header has alg, kid and typ only', token, headerOnly({ cty: 'JWT' }), 'wrong_header'],
  ['2', 'a key in the header is not believed', token, headerOnly({ jwk: {} }), 'wrong_header'],
  ['2', 'crit is refused', token, headerOnly({ crit: ['b64'], b64: false }), 'wrong_header'],
  ['3.1', 'sub is there', token, claimsOnly({ sub: undefined }), 'wrong_subject'],
  ['3.1', 'sub is an ID', token, claimsOnly({ sub: 'alice' }), 'wrong_subject'],
  ['3.2', 'aud is there', token, claimsOnly({ aud: undefined }), 'wrong_audience'],
  ['3.2', 'aud names somebody', token, claimsOnly({ aud: [] }), 'wrong_audience'],
  [
    '3.2',
    'aud has the validator’s own name',
    claimsOnly({ aud: ['reports', audience] }),
    claimsOnly({ aud: 'reports' }),
    'wrong_audience',
  ],
  ['3.2', 'names of aud are compared whole', token, claimsOnly({ aud: `${audience}/x` }), 'wrong_audience'],
  ['3.3', 'exp is there', token, claimsOnly({ exp: undefined }), 'wrong_expiry'],
  ['3.3', 'exp is a number', token, claimsOnly({ exp: `${seconds + 300}` }), 'wrong_expiry'],
  [
    '3.3',
    'exp is ahead, but for a small leeway',
    claimsOnly({ exp: seconds - 4 }),
    claimsOnly({ exp: seconds - 5 }),
    'expired',
  ],
  [
    '4',
    'nbf is behind, but for a small leeway',
    claimsOnly({ nbf: seconds + 5 }),
    claimsOnly({ nbf: seconds + 6 }),
    'not_yet_valid',
  ],
  ['4', 'the named key has signed it', token, forgeToken(right, stranger), 'wrong_signature'],
  [
    '4',
    'the claims are signed',
    token,
    signedOver({ sub: 'spiffe://hardway.test/multiply' }),
    'wrong_signature',
  ],
  ['4', 'the signature is whole', token, flipped(token, 2), 'wrong_signature'],
  [
    '4',
    'the key of certificates signs no token',
    token,
    forgeToken(right, home.x509.privateKey),
    'wrong_signature',
  ],
  [
    '6.2',
    'the keys are those of the trust domain of sub',
    token,
    forgeToken({ ...right, header: { ...right.header, kid: abroad.jwt.keyId } }, abroad.jwt.privateKey),
    'wrong_key_id',
  ],
  [
    '6.2',
    'a trust domain without a bundle is not trusted',
    token,
    claimsOnly({ sub: 'spiffe://unknown.test/add' }),
    'no_bundle',
  ],
]

/** The claims of one token with the signature of another. */
function signedOver(claims: object): string {
  const [, , signature] = token.split('.')
  const [header, payload] = claimsOnly(claims as Record<string, unknown>).split('.')
  return [header, payload, signature].join('.')
}

function own([section, rule, passes, fails, refusal]: Row): OwnRule {
  const act = (text: string) => () => verifyJwtSvid(text, { bundles, audience, now })
  return {
    document: 'JWT-SVID',
    section,
    rule,
    enforcedBy: 'identity',
    passes: act(passes),
    fails: act(fails),
    refusal,
  }
}

function signRule(
  section: string,
  rule: string,
  change: { id?: string; audience?: string[]; lifeSeconds?: number },
  refusal: OwnRule['refusal'],
): OwnRule {
  const act = (request: typeof change) => () =>
    signJwtSvid(home.jwt, { audience, now, ...request, id: parseSpiffeId(request.id ?? id) })
  return {
    document: 'JWT-SVID',
    section,
    rule,
    enforcedBy: 'identity',
    passes: act({}),
    fails: act(change),
    refusal,
  }
}

function elsewhere(enforcedBy: 'Envoy' | 'OPA', section: string, rule: string, setting: string): ForeignRule {
  return { document: 'JWT-SVID', section, rule, enforcedBy, setting }
}

export const jwtSvidRules: readonly Rule[] = [
  ...verifying.map(own),
  signRule(
    '3.1',
    'an authority signs no token for an ID without a path',
    { id: 'spiffe://hardway.test' },
    'wrong_subject',
  ),
  signRule(
    '3.1',
    'an authority signs for its own trust domain only',
    { id: 'spiffe://elsewhere.test/add' },
    'foreign_trust_domain',
  ),
  signRule('3.2', 'an authority signs no token for nobody', { audience: [] }, 'wrong_audience'),
  signRule(
    '3.3',
    'an authority signs no token without an end',
    { lifeSeconds: Number.POSITIVE_INFINITY },
    'bad_lifetime',
  ),
  elsewhere(
    'Envoy',
    '4',
    'the signature is verified at every hop',
    'jwt_authn: local_jwks of the derived JWK Set',
  ),
  elsewhere(
    'Envoy',
    '3.1',
    'sub is of the own trust domain',
    'jwt_authn: subjects: { prefix: spiffe://hardway.test/ }',
  ),
  elsewhere('Envoy', '3.2', 'aud has the validator’s own name', 'jwt_authn: audiences'),
  elsewhere('Envoy', '3.3', 'exp is there and ahead', 'jwt_authn: require_expiration, clock_skew_seconds'),
  elsewhere('Envoy', '5.2', 'a token comes in the Authorization header only', 'jwt_authn: from_headers'),
  elsewhere('OPA', '2.2', 'kid is there', 'header_in_metadata: the header that Envoy verified'),
  elsewhere('OPA', '2.3', 'typ is absent, JWT or JOSE', 'header_in_metadata: the header that Envoy verified'),
  elsewhere(
    'OPA',
    '2',
    'the header has alg, kid and typ only',
    'header_in_metadata: the header that Envoy verified',
  ),
  elsewhere(
    'OPA',
    '3.1',
    'sub is an ID, compared whole',
    'payload_in_metadata: the claims that Envoy verified',
  ),
]
