import { createBundle, nextBundle } from '../bundle/create.ts'
import { parseBundle } from '../bundle/parse.ts'
import { renderBundle, renderJwks } from '../bundle/render.ts'
import { forgeLeaf } from '../forge/certificate.ts'
import { createJwtAuthority } from '../jwt-authority/create.ts'
import { generateKeyPair } from '../key-pair.ts'
import { verifyX509Svid } from '../x509-svid/verify.ts'
import type { OwnRule } from './rule.ts'
import { abroad, home, id, now } from './trust-domains.ts'

type Entry = Record<string, unknown>
interface Document {
  keys: Entry[]
  [name: string]: unknown
}

const document: Document = JSON.parse(renderBundle({ ...home.bundle, refreshHint: 300 }))
const [x509Entry, jwtEntry] = document.keys as [Entry, Entry]
const foreignEntry = (JSON.parse(renderBundle(abroad.bundle)) as Document).keys[0]!

const parse = (change: object) => parseBundle(home.trustDomain, JSON.stringify({ ...document, ...change }))
const roots = (entry: Entry) => parse({ keys: [entry] }).bundle.x509Authorities.length === 1
const keys = (entry: Entry) => parse({ keys: [entry] }).bundle.jwtAuthorities.length === 1
const silent = (entry: Entry) => parse({ keys: [entry] }).findings.length === 0

type Row = [
  section: string,
  rule: string,
  passes: () => unknown,
  fails: () => unknown,
  refusal: OwnRule['refusal'],
]

const rows: Row[] = [
  ['4.1.3', 'keys is there', () => parse({}), () => parse({ keys: undefined }), 'bad_bundle'],
  [
    '4.1.3',
    'keys is an array, and may be empty',
    () => parse({ keys: [] }),
    () => parse({ keys: {} }),
    'bad_bundle',
  ],
  [
    '4.1.3',
    'without keys nobody is trusted',
    () => verify(document),
    () => verify({ ...document, keys: [] }),
    'no_trusted_signer',
  ],
  [
    '4.1.3',
    'a bad key is passed over, and the others hold',
    () => parse({ keys: [7, x509Entry] }).bundle.x509Authorities.length === 1,
    () => roots({ ...x509Entry, x5c: ['AAAA'] }),
    'false',
  ],
  [
    '4.2.1',
    'a key of an unknown type is passed over',
    () => keys(jwtEntry),
    () => keys({ ...jwtEntry, kty: 'oct', k: 'c2VjcmV0' }),
    'false',
  ],
  [
    '4.2.2',
    'a key without a use is passed over',
    () => keys(jwtEntry),
    () => keys({ ...jwtEntry, use: undefined }),
    'false',
  ],
  [
    '4.2.2',
    'a key of an unknown use is passed over',
    () => keys(jwtEntry),
    () => keys({ ...jwtEntry, use: 'sig' }),
    'false',
  ],
  [
    '4.2.2',
    'the case of use counts',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, use: 'X509-SVID' }),
    'false',
  ],
  [
    '4.2.2',
    'a key for tokens vouches for no certificate',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, use: 'jwt-svid', kid: 'a' }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: a kid is pointed out',
    () => silent(x509Entry),
    () => silent({ ...x509Entry, kid: 'a' }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: x5c is there',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, x5c: undefined }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: x5c is not empty',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, x5c: [] }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: a second certificate is passed over, and pointed out',
    () => roots({ ...x509Entry, x5c: [...(x509Entry.x5c as string[]), ...(foreignEntry.x5c as string[])] }),
    () => silent({ ...x509Entry, x5c: [...(x509Entry.x5c as string[]), 'AAAA'] }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: the certificate is of the key beside it',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, x5c: foreignEntry.x5c }),
    'false',
  ],
  [
    '4.2',
    'x509-svid: the certificate signs',
    () => roots(x509Entry),
    () => roots({ ...x509Entry, x5c: [Buffer.from(forgeLeaf(home.x509, id)).toString('base64')] }),
    'false',
  ],
  [
    '4.2',
    'jwt-svid: kid is there',
    () => keys(jwtEntry),
    () => keys({ ...jwtEntry, kid: undefined }),
    'false',
  ],
  [
    '4.2',
    'jwt-svid: a kid names one key',
    () => parse({}),
    () => parse({ keys: [jwtEntry, jwtEntry] }),
    'bad_bundle',
  ],
  [
    '4.2',
    'jwt-svid: a key that is no longer private is passed over',
    () => keys(jwtEntry),
    () => keys({ ...jwtEntry, ...home.jwt.privateKey.export({ format: 'jwk' }) }),
    'false',
  ],
  [
    '4.1.1',
    'spiffe_sequence is a whole number',
    () => parse({ spiffe_sequence: 2 }),
    () => parse({ spiffe_sequence: 1.5 }),
    'bad_bundle',
  ],
  [
    '4.1.1',
    'spiffe_sequence rises with each change, and only then',
    () => rotated().sequence === 2n,
    () => unchanged().sequence !== 1n,
    'false',
  ],
  [
    '4.1.2',
    'spiffe_refresh_hint is in whole seconds',
    () => parse({ spiffe_refresh_hint: 300 }),
    () => parse({ spiffe_refresh_hint: '5m' }),
    'bad_bundle',
  ],
  [
    '2',
    'a key has one use',
    () => createBundle(home.trustDomain, { x509Authorities: [home.x509], jwtAuthorities: [home.jwt] }),
    () => createBundle(home.trustDomain, { x509Authorities: [home.x509], jwtAuthorities: [sharedKey()] }),
    'bad_bundle_key',
  ],
  [
    '4.2.2',
    'Envoy and jose get a derived JWK Set, for they pass over jwt-svid',
    () => plain(renderJwks(home.bundle)),
    () => plain(renderBundle(home.bundle)),
    'false',
  ],
]

function verify(changed: Document) {
  const { bundle } = parseBundle(home.trustDomain, JSON.stringify(changed))
  return verifyX509Svid([forgeLeaf(home.x509, id)], { bundles: [bundle], now })
}

function rotated() {
  const next = createJwtAuthority({ trustDomain: home.trustDomain, keys: generateKeyPair() })
  return nextBundle(home.bundle, { x509Authorities: [home.x509], jwtAuthorities: [home.jwt, next] })
}

function unchanged() {
  return nextBundle(home.bundle, { x509Authorities: [home.x509], jwtAuthorities: [home.jwt] })
}

function sharedKey() {
  const { privateKey, certificate } = home.x509
  const keys = { privateKey, publicKey: certificate.publicKey }
  return createJwtAuthority({ trustDomain: home.trustDomain, keys })
}

function plain(jwks: string): boolean {
  return (JSON.parse(jwks) as Document).keys.every(({ use, kid }) => use === 'sig' && kid !== undefined)
}

export const bundleRules: readonly OwnRule[] = rows.map(([section, rule, passes, fails, refusal]) => ({
  document: 'SPIFFE_Trust_Domain_and_Bundle',
  section,
  rule,
  enforcedBy: 'identity',
  passes,
  fails,
  refusal,
}))
