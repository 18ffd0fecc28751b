import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { forgeLeaf } from '../forge/certificate.ts'
import { createJwtAuthority } from '../jwt-authority/create.ts'
import { generateKeyPair } from '../key-pair.ts'
import { abroad, home, id, newTrustDomain } from '../rules/trust-domains.ts'
import { parseCertificate } from '../x509/certificate.ts'
import { parseCertificatePem } from '../x509/pem.ts'
import { createBundle, nextBundle } from './create.ts'
import { parseBundle } from './parse.ts'
import { renderBundle, renderJwks, renderRoots } from './render.ts'

const content = { x509Authorities: [home.x509], jwtAuthorities: [home.jwt], refreshHint: 300 }
const bundle = createBundle(home.trustDomain, content)
const parse = (document: object) => parseBundle(home.trustDomain, JSON.stringify(document))

test('what is rendered can be parsed, and says the same', () => {
  const { bundle: parsed, findings } = parseBundle(home.trustDomain, renderBundle(bundle))
  expect(findings).toEqual([])
  expect(renderBundle(parsed)).toBe(renderBundle(bundle))
  expect(parsed).toMatchObject({ trustDomain: 'hardway.test', sequence: 1n, refreshHint: 300 })
})

test('the document is as the standard shows it', () => {
  const der = Buffer.from(home.x509.certificate.der).toString('base64')
  expect(JSON.parse(renderBundle(bundle))).toEqual({
    spiffe_sequence: 1,
    spiffe_refresh_hint: 300,
    keys: [
      { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), use: 'x509-svid', x5c: [der] },
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        use: 'jwt-svid',
        kid: home.jwt.keyId,
      },
    ],
  })
})

test('without a refresh hint or a sequence none is written', () => {
  const { sequence: _, refreshHint: __, ...plain } = bundle
  expect(Object.keys(JSON.parse(renderBundle(plain)))).toEqual(['keys'])
})

test('sequence numbers keep 64 bits and more', () => {
  const text = renderBundle({ ...bundle, sequence: 18446744073709551615n })
  expect(text).toContain('"spiffe_sequence": 18446744073709551615,')
  expect(parseBundle(home.trustDomain, text).bundle.sequence).toBe(18446744073709551615n)
})

test.for(['-1', '1.0', '1e3', '"1"', 'null', 'true', '[1]', '{}'])('a sequence of %s is refused', number => {
  expect(parseBundle(home.trustDomain, '{"keys":[],"spiffe_sequence":1}').bundle.sequence).toBe(1n)
  expect(() => parseBundle(home.trustDomain, `{"keys":[],"spiffe_sequence":${number}}`)).toThrow(
    'no whole number',
  )
})

test.for(['', 'null', '[]', '"keys"', '{"keys":null}', '{"keys":[]'])('%s is no bundle', text => {
  expect(() => parseBundle(home.trustDomain, text)).toThrow('SPIFFE_Trust_Domain_and_Bundle §4')
})

test('the sequence rises when a key comes or goes or the hint changes, and only then', () => {
  const next = createJwtAuthority({ trustDomain: home.trustDomain, keys: generateKeyPair() })
  const same = nextBundle(bundle, content)
  const added = nextBundle(same, { ...content, jwtAuthorities: [home.jwt, next] })
  const removed = nextBundle(added, { ...content, jwtAuthorities: [next] })
  const hinted = nextBundle(removed, { ...content, jwtAuthorities: [next], refreshHint: 60 })
  expect([same, added, removed, hinted].map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n, 4n])
  expect(same).toBe(bundle)
  expect(nextBundle(parseBundle(home.trustDomain, renderBundle(bundle)).bundle, content).sequence).toBe(1n)
})

test('says of each key that it passes over which one it is, and why', () => {
  const [root, key] = JSON.parse(renderBundle(bundle)).keys
  const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'a', use: 'jwt-svid' }
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' })
  const { bundle: parsed, findings } = parse({
    keys: [
      null,
      secret,
      { ...small, kid: 'b', use: 'jwt-svid' },
      { ...curve, kid: 'c', use: 'jwt-svid' },
      { ...key, x: 'AAAA' },
      { ...key, kid: 7 },
      { ...root, x5c: 'AAAA' },
      { ...root, x5c: ['not base64!'] },
      { ...root, use: 'wit-svid' },
      { ...root, kid: 'd' },
      key,
    ],
  })
  expect(findings.map(({ index, passedOver, problem }) => [index, passedOver, problem])).toEqual([
    [0, true, 'It is no JSON object'],
    [1, true, 'Its "kty" is unknown here'],
    [2, true, 'Its key is too weak, or of an unknown curve'],
    [3, true, 'Its key is too weak, or of an unknown curve'],
    [4, true, 'Its parameters are no key'],
    [5, true, 'It has no "kid"'],
    [6, true, 'It has no certificate in "x5c"'],
    [7, true, 'Its "x5c" is not base64'],
    [8, true, 'Its "use" is unknown here'],
    [9, false, 'It has a "kid", and no key of this use may'],
  ])
  expect([parsed.x509Authorities.length, parsed.jwtAuthorities.length]).toEqual([1, 1])
})

test('Envoy gets the roots as PEM and the keys as a plain JWK Set', () => {
  const next = newTrustDomain('hardway.test').x509
  const both = createBundle(home.trustDomain, { ...content, x509Authorities: [home.x509, next] })
  expect(parseCertificatePem(renderRoots(both)).map(der => parseCertificate(der).serial)).toEqual([
    home.x509.certificate.serial,
    next.certificate.serial,
  ])
  const { keys } = JSON.parse(renderJwks(bundle))
  expect(keys).toEqual([expect.objectContaining({ use: 'sig', alg: 'ES256', kid: home.jwt.keyId })])
})

test('no private key gets into any form of a bundle', () => {
  const { d } = home.jwt.privateKey.export({ format: 'jwk' })
  const all = [renderBundle(bundle), renderJwks(bundle), renderRoots(bundle)].join()
  expect(createPrivateKey({ key: home.jwt.privateKey.export({ format: 'jwk' }), format: 'jwk' }).type).toBe(
    'private',
  )
  expect(all).not.toContain(d)
  expect(JSON.parse(renderJwks(bundle)).keys[0].d).toBeUndefined()
})

test('only what may be in a bundle gets into one', () => {
  const create = (change: object) => () => createBundle(home.trustDomain, { ...content, ...change })
  const leaf = { certificate: parseCertificate(forgeLeaf(home.x509, id)) }
  expect(create({})).not.toThrow()
  expect(create({ x509Authorities: [leaf] })).toThrow('cA is not true')
  expect(create({ x509Authorities: [abroad.x509] })).toThrow('belongs to the trust domain elsewhere.test')
  expect(create({ jwtAuthorities: [abroad.jwt] })).toThrow('belongs to the trust domain elsewhere.test')
  expect(create({ jwtAuthorities: [home.jwt, home.jwt] })).toThrow('is not the name of one key')
  expect(create({ refreshHint: 0.5 })).toThrow('refresh hint of 0.5')
})
