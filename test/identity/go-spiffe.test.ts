import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Bundle,
  createBundle,
  createJwtAuthority,
  createX509Authority,
  generateKeyPair,
  IdentityError,
  issueX509Svid,
  parseBundle,
  parseSpiffeId,
  parseTrustDomain,
  renderBundle,
  renderCertificates,
  renderPrivateKey,
  renderSpiffeId,
  signJwtSvid,
  verifyJwtSvid,
  verifyX509Svid,
} from '@hardway/identity'
import { type CertificateForgery, forgeLeaf, forgeSigner, forgeToken } from '@hardway/identity/forge'
import { execa } from 'execa'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missing } from '../harness/missing.ts'

/** What one implementation says to a case: the identity, or that it is none. */
type Verdict = { id: string } | 'refused'

type Case =
  | { ID: string }
  | { Chain: string; Key: string; Bundles: Bundles }
  | { Token: string; Audience: string; Bundles: Bundles }
type Bundles = Record<string, string>

const program = join(import.meta.dirname, '../go-spiffe')
const reason = await missing('go version')
const now = new Date()
const seconds = Math.floor(now.getTime() / 1000)
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const audience = 'spiffe://hardway.test/calculator'
const add = 'spiffe://hardway.test/add'
const { publicKey, privateKey } = generateKeyPair()
const home = trustDomain('hardway.test')
const abroad = trustDomain('elsewhere.test')
const bundles = documents(home.bundle, abroad.bundle)

const longest = `spiffe://hardway.test/${'a'.repeat(2026)}`
const ids: [text: string, accepted: boolean][] = [
  [add, true],
  ['spiffe://hardway.test', true],
  ['spiffe://10.0.0.1/a/b', true],
  ['spiffe://a_b-c.d/.a/.../B-c_9', true],
  [`spiffe://${'a'.repeat(255)}/b`, true],
  [longest, true],
  ['spiffe://Hardway.test/add', false],
  ['Spiffe://hardway.test/add', false],
  ['https://hardway.test/add', false],
  ['spiffe:///add', false],
  ['spiffe://hardway.test:443/add', false],
  ['spiffe://u@hardway.test/add', false],
  ['spiffe://[::1]/add', false],
  ['spiffe://hardway.test/', false],
  ['spiffe://hardway.test/add/', false],
  ['spiffe://hardway.test//add', false],
  ['spiffe://hardway.test/./add', false],
  ['spiffe://hardway.test/a/../add', false],
  ['spiffe://hardway.test/%61dd', false],
  ['spiffe://hardway.test/add?a=b', false],
  ['spiffe://hardway.test/add#a', false],
  ['spiffe://hardway.test/ä', false],
]

const right = {
  header: { alg: 'ES256', kid: home.jwt.keyId, typ: 'JWT' },
  claims: { sub: add, aud: audience, exp: seconds + 300 },
}
const token = (header: object, claims: object) =>
  forgeToken(
    { header: { ...right.header, ...header }, claims: { ...right.claims, ...claims } },
    home.jwt.privateKey,
  )
const leaf = (forgery: CertificateForgery, id = add) => forgeLeaf(home.x509, id, { publicKey, ...forgery })
const stranger = forgeSigner(['spiffe://hardway.test'], { notBefore: ago(1), notAfter: ago(-1) })
const { chain: issued } = issueX509Svid(
  home.x509,
  { uriSans: [add], publicKey },
  { random: randomBytes, now },
)

const cases: [name: string, accepted: boolean, Case][] = [
  ...ids.map(([text, accepted]): [string, boolean, Case] => [
    `the ID ${text.slice(0, 40)}`,
    accepted,
    { ID: text },
  ]),
  ['an X509-SVID', true, x509(issued[0])],
  [
    'an X509-SVID of the other trust domain',
    true,
    x509(forgeLeaf(abroad.x509, 'spiffe://elsewhere.test/add', { publicKey })),
  ],
  ['an X509-SVID with DNS names too', true, x509(leaf({ dnsSans: ['add', 'add.hardway.test'] }))],
  ['an X509-SVID of the longest ID', true, x509(leaf({}, longest))],
  ['an X509-SVID of a CA of the same name', false, x509(forgeLeaf(stranger, add, { publicKey }))],
  ['an X509-SVID that has ended', false, x509(leaf({ notBefore: ago(2), notAfter: ago(1) }))],
  ['an X509-SVID that has not begun', false, x509(leaf({ notBefore: ago(-1), notAfter: ago(-2) }))],
  ['an X509-SVID with two URI SANs', false, x509(leaf({ uriSans: [add, 'spiffe://hardway.test/multiply'] }))],
  ['an X509-SVID with its ID in the CN only', false, x509(leaf({ uriSans: [], commonName: add }))],
  ['an X509-SVID without a path', false, x509(leaf({}, 'spiffe://hardway.test'))],
  ['an X509-SVID of another scheme', false, x509(leaf({}, 'https://hardway.test/add'))],
  ['an X509-SVID that is a CA', false, x509(leaf({ ca: true }))],
  ['an X509-SVID with keyCertSign', false, x509(leaf({ keyUsage: ['digitalSignature', 'keyCertSign'] }))],
  ['an X509-SVID with cRLSign', false, x509(leaf({ keyUsage: ['digitalSignature', 'cRLSign'] }))],
  ['an X509-SVID without digitalSignature', false, x509(leaf({ keyUsage: ['keyEncipherment'] }))],
  [
    'an X509-SVID that a foreign trust domain signed',
    false,
    x509(forgeLeaf(abroad.x509, add, { publicKey })),
  ],
  ['an X509-SVID of a trust domain without a bundle', false, x509(leaf({}, 'spiffe://unknown.test/add'))],
  ['an authority as an X509-SVID', false, x509(home.x509.certificate.der)],
  ['a JWT-SVID', true, jwt(signJwtSvid(home.jwt, { id: parseSpiffeId(add), audience, now }))],
  [
    'a JWT-SVID for two',
    true,
    jwt(signJwtSvid(home.jwt, { id: parseSpiffeId(add), audience: ['reports', audience], now })),
  ],
  ['a JWT-SVID without typ', true, jwt(token({ typ: undefined }, {}))],
  ['a JWT-SVID of typ JOSE', true, jwt(token({ typ: 'JOSE' }, {}))],
  ['a JWT-SVID for somebody else', false, jwt(token({}, { aud: 'reports' }))],
  ['a JWT-SVID for nobody', false, jwt(token({}, { aud: undefined }))],
  ['a JWT-SVID of another typ', false, jwt(token({ typ: 'at+jwt' }, {}))],
  ['a JWT-SVID that has ended', false, jwt(token({}, { exp: seconds - 300 }))],
  ['a JWT-SVID without an end', false, jwt(token({}, { exp: undefined }))],
  ['a JWT-SVID without sub', false, jwt(token({}, { sub: undefined }))],
  ['a JWT-SVID whose sub is no ID', false, jwt(token({}, { sub: 'alice' }))],
  ['a JWT-SVID without kid', false, jwt(token({ kid: undefined }, {}))],
  ['a JWT-SVID of an unknown kid', false, jwt(token({ kid: 'unknown' }, {}))],
  ['a JWT-SVID of alg none', false, jwt(forgeToken({ ...right, header: { ...right.header, alg: 'none' } }))],
  ['a JWT-SVID of HS256 with the public key', false, jwt(hs256())],
  ['a JWT-SVID signed with another key', false, jwt(forgeToken(right, privateKey))],
  ['a JWT-SVID signed with the key of the CA', false, jwt(forgeToken(right, home.x509.privateKey))],
  ['a JWT-SVID that a foreign trust domain signed', false, jwt(foreignToken())],
  [
    'a JWT-SVID of a trust domain without a bundle',
    false,
    jwt(token({}, { sub: 'spiffe://unknown.test/add' })),
  ],
]

describe('go-spiffe and this package say the same', () => {
  const theirs = new Map<string, Verdict>()
  beforeAll(async () => {
    if (reason === undefined) for (const [name, verdict] of await askGoSpiffe()) theirs.set(name, verdict)
  }, 300_000) // it may have to be compiled first
  beforeEach(({ skip }) => skip(reason !== undefined, reason))

  test.for(cases)('%s: accepted %s', ([name, accepted, value]) => {
    expect(ours(value) === 'refused').toBe(!accepted)
    expect(theirs.get(name)).toEqual(ours(value))
  })
})

/** Each case is a file; the program says one line to each. */
async function askGoSpiffe(): Promise<[string, Verdict][]> {
  const folder = mkdtempSync(join(tmpdir(), 'hardway-go-spiffe-'))
  try {
    for (const [index, [, , value]] of cases.entries()) {
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(value))
    }
    const { stdout } = await execa('go', ['run', '.', folder], {
      cwd: program,
      env: { GOFLAGS: '-mod=readonly' },
    })
    return stdout.split('\n').map(line => {
      const { name, id, refusal } = JSON.parse(line) as { name: string; id?: string; refusal?: string }
      return [cases[Number(name)]![0], refusal === undefined ? { id: id! } : 'refused']
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function ours(value: Case): Verdict {
  try {
    return { id: renderSpiffeId(identity(value)) }
  } catch (error) {
    if (error instanceof IdentityError) return 'refused'
    throw error
  }
}

function identity(value: Case) {
  if ('ID' in value) return parseSpiffeId(value.ID)
  const bundles = Object.entries(value.Bundles).map(
    ([name, text]) => parseBundle(parseTrustDomain(name), text).bundle,
  )
  if ('Token' in value) return verifyJwtSvid(value.Token, { bundles, audience: value.Audience, now }).id
  return verifyX509Svid(value.Chain, { bundles, now }).id
}

function x509(der: Uint8Array): Case {
  return { Chain: renderCertificates([der]), Key: renderPrivateKey(privateKey), Bundles: bundles }
}

function jwt(text: string): Case {
  return { Token: text, Audience: audience, Bundles: bundles }
}

function hs256(): string {
  const secret = home.jwt.publicKey.export({ type: 'spki', format: 'pem' }) as string
  return forgeToken({ ...right, header: { ...right.header, alg: 'HS256' } }, secret)
}

function foreignToken(): string {
  return forgeToken({ ...right, header: { ...right.header, kid: abroad.jwt.keyId } }, abroad.jwt.privateKey)
}

function documents(...all: Bundle[]): Bundles {
  return Object.fromEntries(all.map(bundle => [bundle.trustDomain, renderBundle(bundle)]))
}

function trustDomain(name: string) {
  const trustDomain = parseTrustDomain(name)
  const x509 = createX509Authority({ trustDomain, keys: generateKeyPair(), random: randomBytes, now: ago(1) })
  const jwt = createJwtAuthority({ trustDomain, keys: generateKeyPair() })
  const next = createJwtAuthority({ trustDomain, keys: generateKeyPair() })
  const content = { x509Authorities: [x509], jwtAuthorities: [jwt, next], refreshHint: 300 }
  return { x509, jwt, bundle: createBundle(trustDomain, content) }
}
