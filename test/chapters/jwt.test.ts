import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder, write } from '../harness/by-hand.ts'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { callAs } from '../harness/grpc.ts'
import { startLoad, tally } from '../harness/load.ts'

const { folder, remove } = temporaryFolder()
afterAll(remove)

describe('05-jwt', () => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter('05-jwt', 51)
  })
  afterAll(() => chapter.stop())

  async function ask(authorization: string | undefined, path = '/add?a=1&b=2') {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const response = await fetch(chapter.url + path, { headers })
    const { detail } = (await response.json()) as { detail?: string }
    const type = response.headers.get('content-type')
    return { status: response.status, type, detail, challenge: response.headers.get('www-authenticate') }
  }
  const served = async () => expect((await ask(`Bearer ${chapter.token}`)).status).toBe(200)
  const refused = (detail: string) => ({
    status: 401,
    type: 'application/problem+json',
    detail,
    challenge: 'Bearer realm="calculator", error="invalid_token"',
  })

  test('without a token one is told to show one', async () => {
    await served()
    for (const authorization of [undefined, 'Basic YTpi', 'Bearer']) {
      expect(await ask(authorization)).toEqual({
        ...refused('A bearer token is needed: send "Authorization: Bearer …".'),
        challenge: 'Bearer realm="calculator"',
      })
    }
  })

  test('a token is taken from the Authorization header only', async () => {
    await served()
    expect((await ask(undefined, `/add?a=1&b=2&access_token=${chapter.token}`)).status).toBe(401)
  })

  test('a wrong audience is a 401 too, and says so', async () => {
    await served()
    const token = await chapter.identity('token', 'alice', '--audience', 'spiffe://hardway.test/add')
    expect(await ask(`Bearer ${token}`)).toEqual(refused('The token was made for somebody else.'))
  })

  test('an expired token is a 401, and says so', async () => {
    const token = await chapter.identity('token', 'alice', '--ttl', '1s')
    await expect
      .poll(() => ask(`Bearer ${token}`), { timeout: 20_000, interval: 500 })
      .toEqual(refused('The token has expired.'))
  })

  test.each([
    ['is nonsense', () => 'abc'],
    ['has no signature', ({ head, body }: Parts) => `${head}.${body}.`],
    ['says that it needs none', ({ body }: Parts) => `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`],
    ['is signed with the public key as a secret', ({ claims, key }: Parts) => hmac(claims, key)],
    [
      'was changed after it was signed',
      ({ head, claims, signature }: Parts) =>
        `${head}.${encode({ ...claims, sub: 'spiffe://hardway.test/client/root' })}.${signature}`,
    ],
    [
      'has an unknown kid',
      ({ body, signature }: Parts) =>
        `${encode({ alg: 'ES256', kid: 'unknown', typ: 'JWT' })}.${body}.${signature}`,
    ],
  ])('a token that %s is a 401, and is told nothing that helps', async (_, forge) => {
    await served()
    expect(await ask(`Bearer ${forge(await parts())}`)).toEqual(refused('The token is not valid.'))
  })

  test('the token travels on, and each sidecar verifies it again', async () => {
    const svid = write(folder, 'calculator.pem', await chapter.identity('mint', 'calculator'))
    const roots = await chapter.identity('bundle', '--format', 'pem')
    const call = (token?: string) =>
      callAs(svid, roots, 'multiply', `${chapter.host('multiply')}:15006`, token)
    expect(await call(chapter.token)).toBe('42')
    expect(await call()).toMatch(/^UNAUTHENTICATED/)
    expect(await call('abc')).toMatch(/^UNAUTHENTICATED/)
    const other = await chapter.identity('token', 'alice', '--audience', 'spiffe://hardway.test/multiply')
    expect(await call(other)).toMatch(/^(UNAUTHENTICATED|PERMISSION_DENIED)/)
  })

  interface Parts {
    head: string
    body: string
    signature: string
    claims: object
    /** A key of the bundle, as JWK. */
    key: JsonWebKey
  }

  async function parts(): Promise<Parts> {
    const [head = '', body = '', signature = ''] = chapter.token.split('.')
    const { keys } = JSON.parse(await chapter.identity('bundle', '--format', 'jwks'))
    return { head, body, signature, claims: decode(body), key: keys[0] }
  }
})

test('everything is renewed twice under load, and no request fails', { timeout: 180_000 }, async () => {
  const chapter = await startChapter('05-jwt', 52, { mesh })
  const load = startLoad(`${chapter.url}/add?a=1&b=2`, chapter.token, { rate: 300, most: 18_000 })
  try {
    const enough = (requests: number) =>
      expect.poll(load.done, { timeout: 60_000, interval: 200 }).toBeGreaterThan(requests)
    await enough(1_000)
    await chapter.identity('rotate', 'svid')
    await enough(4_000)
    await chapter.identity('rotate', 'x509') // three steps, and with the second all SVIDs are new
    await enough(8_000)
    await chapter.identity('rotate', 'jwt', 'publish')
    await enough(11_000)
    await chapter.identity('rotate', 'jwt', 'activate') // tokens of the old key are good until it is retired
    await enough(17_500)
    const { 200: served = 0, ...others } = tally(await load.stop())
    expect(others).toEqual({})
    expect(served).toBeGreaterThan(17_500)
  } finally {
    await load.stop()
    await chapter.stop()
  }
})

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

function decode(text: string): object {
  return JSON.parse(Buffer.from(text, 'base64url').toString())
}

/** As an attacker makes it who hopes that the verifier takes the public key for a shared secret (RFC 8725 §2.1). */
function hmac(claims: object, key: JsonWebKey): string {
  const secret = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const signed = `${encode({ alg: 'HS256', kid: key.kid, typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
