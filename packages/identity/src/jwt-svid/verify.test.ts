import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { compactVerify, createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createBundle } from '../bundle/create.ts'
import { parseBundle } from '../bundle/parse.ts'
import { renderJwks } from '../bundle/render.ts'
import { forgeToken } from '../forge/token.ts'
import { createJwtAuthority } from '../jwt-authority/create.ts'
import { generateKeyPair } from '../key-pair.ts'
import { parsePrivateKey, renderPrivateKey } from '../private-key-pem.ts'
import { verdict } from '../rules/rule.ts'
import { audience, bundles, home, id, now } from '../rules/trust-domains.ts'
import { parseSpiffeId } from '../spiffe-id.ts'
import { algorithmNames, signEs256 } from './algorithm.ts'
import { signJwtSvid } from './sign.ts'
import { verifyJwtSvid } from './verify.ts'

const alice = parseSpiffeId('spiffe://hardway.test/client/alice')
const token = signJwtSvid(home.jwt, { id: alice, audience, now })
const verify = (text: string, when = now, leewaySeconds?: number) =>
  verifyJwtSvid(text, { bundles, audience, now: when, ...(leewaySeconds !== undefined && { leewaySeconds }) })
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)

test('says who it is, for whom and until when', () => {
  expect(verify(token)).toMatchObject({ id: alice, audience: [audience], expiry: at(300) })
})

test('lives for five minutes and a leeway of five seconds', () => {
  expect(verdict(() => verify(token, at(304.9)))).toBe('accepted')
  expect(verdict(() => verify(token, at(305)))).toBe('expired')
  expect(verdict(() => verify(token, at(300), 0))).toBe('expired')
  expect(verdict(() => verify(token, at(299.9), 0))).toBe('accepted')
  expect(verdict(() => verify(token, new Date(Number.NaN)))).toBe('expired')
})

test('lives as long as asked', () => {
  const short = signJwtSvid(home.jwt, { id: alice, audience, now, lifeSeconds: 1 })
  expect(verdict(() => verify(short, at(0.9), 0))).toBe('accepted')
  expect(verdict(() => verify(short, at(1), 0))).toBe('expired')
})

test('may be for several', () => {
  const both = signJwtSvid(home.jwt, { id: alice, audience: ['reports', audience], now })
  expect(verify(both).audience).toEqual(['reports', audience])
})

test('jose accepts it with the derived JWK Set, and not with one whose use is jwt-svid', async () => {
  const jwks = JSON.parse(renderJwks(home.bundle))
  const options = { algorithms: ['ES256'], audience, requiredClaims: ['sub', 'aud', 'exp'], currentDate: now }
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), options)
  expect(payload.sub).toBe('spiffe://hardway.test/client/alice')
  expect(protectedHeader).toEqual({ alg: 'ES256', kid: home.jwt.keyId, typ: 'JWT' })
  const spiffe = { keys: jwks.keys.map((key: object) => ({ ...key, use: 'jwt-svid' })) }
  await expect(jwtVerify(token, createLocalJWKSet(spiffe), options)).rejects.toThrow('no applicable key')
})

const kinds: [RegExp, { publicKey: KeyObject; privateKey: KeyObject }][] = [
  [/ES256/, generateKeyPair()],
  [/ES384/, generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  [/ES512/, generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  [/[RP]S/, generateKeyPairSync('rsa', { modulusLength: 2048 })],
]

test.for(algorithmNames.map(name => [name] as const))(
  'takes %s from jose, with the key that it names',
  async ([alg]) => {
    const { publicKey, privateKey } = kinds.find(([names]) => names.test(alg))![1]
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'a', use: 'jwt-svid' }
    const { bundle } = parseBundle(home.trustDomain, JSON.stringify({ keys: [jwk] }))
    const seconds = now.getTime() / 1000
    const signed = await new SignJWT({ sub: id, aud: audience, exp: seconds + 60 })
      .setProtectedHeader({ alg, kid: 'a' })
      .sign(privateKey)
    expect(verdict(() => verifyJwtSvid(signed, { bundles: [bundle], audience, now }))).toBe('accepted')
    await compactVerify(signed, publicKey)
    const [header, claims, signature] = signed.split('.') as [string, string, string]
    const wrong = [
      header,
      claims,
      Buffer.from(signature, 'base64url').fill(1, 3, 9).toString('base64url'),
    ].join('.')
    expect(verdict(() => verifyJwtSvid(wrong, { bundles: [bundle], audience, now }))).toBe('wrong_signature')
  },
)

test('a key that is for one algorithm is for no other', () => {
  const { publicKey, privateKey } = kinds[3]![1]
  const claims = { sub: id, aud: audience, exp: now.getTime() / 1000 + 60 }
  const input = [{ alg: 'RS256', kid: 'a' }, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(input), {
    key: privateKey,
    padding: constants.RSA_PKCS1_PADDING,
  })
  const bundle = (alg?: string) => {
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'a', use: 'jwt-svid', alg }
    return parseBundle(home.trustDomain, JSON.stringify({ keys: [jwk] })).bundle
  }
  const judge = (alg?: string) =>
    verdict(() =>
      verifyJwtSvid(`${input}.${signature.toString('base64url')}`, { bundles: [bundle(alg)], audience, now }),
    )
  expect(judge()).toBe('accepted')
  expect(judge('RS256')).toBe('accepted')
  expect(judge('PS256')).toBe('wrong_algorithm')
})

test('takes keys old and new while one replaces the other', () => {
  const next = createJwtAuthority({ trustDomain: home.trustDomain, keys: generateKeyPair() })
  const both = createBundle(home.trustDomain, { x509Authorities: [], jwtAuthorities: [home.jwt, next] })
  for (const authority of [home.jwt, next]) {
    const text = signJwtSvid(authority, { id: alice, audience, now })
    verifyJwtSvid(text, { bundles: [both], audience, now })
  }
  const text = signJwtSvid(next, { id: alice, audience, now })
  expect(verdict(() => verify(text))).toBe('wrong_key_id')
})

test('an authority can be stored and opened again: its kid follows from its key', () => {
  const keys = parsePrivateKey(renderPrivateKey(home.jwt.privateKey))
  const opened = createJwtAuthority({ trustDomain: home.trustDomain, keys })
  expect(opened.keyId).toBe(home.jwt.keyId)
  verify(signJwtSvid(opened, { id: alice, audience, now }))
})

test('a validator without a name takes nothing', () => {
  expect(verdict(() => verifyJwtSvid(token, { bundles, audience, now }))).toBe('accepted')
  expect(verdict(() => verifyJwtSvid(token, { bundles, audience: '', now }))).toBe('wrong_audience')
})

test('an end that no clock reaches is no end', () => {
  const [header, ,] = token.split('.')
  const claims = Buffer.from(`{"sub":"${id}","aud":"${audience}","exp":1e999}`).toString('base64url')
  expect(verdict(() => verify(`${header}.${claims}.AAAA`))).toBe('wrong_expiry')
})

test('one changed character anywhere is noticed', () => {
  for (let index = 0; index < token.length; index++) {
    const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
    expect(verdict(() => verify(changed))).not.toBe('accepted')
  }
})

const header = `{"alg":"ES256","kid":"${home.jwt.keyId}"}`
const claims = `{"sub":"${id}","aud":"${audience}","exp":${now.getTime() / 1000 + 60}}`
const tricks: [string, string, string, string][] = [
  ['a header that hides in its prototype', `{"__proto__":${header}}`, claims, 'wrong_algorithm'],
  ['a prototype beside the header', header.replace('{', '{"__proto__":{},'), claims, 'wrong_header'],
  ['a list of algorithms', header.replace('"ES256"', '["ES256"]'), claims, 'wrong_algorithm'],
  ['a type of null', header.replace('{', '{"typ":null,'), claims, 'wrong_header'],
  [
    'an audience in an object',
    header,
    claims.replace(`"${audience}"`, `{"0":"${audience}"}`),
    'wrong_audience',
  ],
  [
    'an audience beside what is no name',
    header,
    claims.replace(`"${audience}"`, `["${audience}",7]`),
    'wrong_audience',
  ],
  ['an audience with a space behind', header, claims.replace(audience, `${audience} `), 'wrong_audience'],
  ['an end that is true', header, claims.replace(/"exp":\d+/, '"exp":true'), 'wrong_expiry'],
  ['an end in a list', header, claims.replace(/"exp":(\d+)/, '"exp":[$1]'), 'wrong_expiry'],
  ['a subject with a NUL behind', header, claims.replace(id, `${id}\\u0000`), 'wrong_subject'],
  ['claims in a list', header, `[${claims}]`, 'bad_token'],
  ['a byte order mark', header, `\ufeff${claims}`, 'bad_token'],
]

test.for(tricks)('%s gets nobody in', ([, header, claims, refusal]) => {
  expect(verdict(() => verify(signed(header, claims)))).toBe(refusal)
})

test('a signature of zeros, or in the form of certificates, is none', () => {
  const input = signed(header, claims).split('.').slice(0, 2).join('.')
  const der = sign('sha256', Buffer.from(input), home.jwt.privateKey)
  expect(verdict(() => verify(signed(header, claims)))).toBe('accepted')
  for (const signature of [Buffer.alloc(64), Buffer.alloc(64, 0xff), der]) {
    expect(verdict(() => verify(`${input}.${signature.toString('base64url')}`))).toBe('wrong_signature')
  }
})

/** Signs any two texts. */
function signed(header: string, claims: string): string {
  const input = [header, claims].map(part => Buffer.from(part).toString('base64url')).join('.')
  return `${input}.${signEs256(input, home.jwt.privateKey)}`
}

test('bytes that are not UTF-8, and tokens without end, are refused', () => {
  const [header, , signature] = token.split('.')
  expect(
    verdict(() => verify(`${header}.${Buffer.of(0x7b, 0xff, 0x7d).toString('base64url')}.${signature}`)),
  ).toBe('bad_token')
  const long = forgeToken({ header: {}, claims: { a: 'a'.repeat(8192) } }, home.jwt.privateKey)
  expect(() => verify(long)).toThrow('longer than 8192')
})

test('no token is repeated in an error', () => {
  const [, claims] = token.split('.')
  for (const text of [`${token}x`, token.replace('.', '..'), `${token.slice(0, -4)}AAAA`]) {
    expect(() => verify(text)).toThrow(expect.not.stringContaining(claims!.slice(0, 20)))
  }
})
