import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createBundle,
  createX509Authority,
  generateKeyPair,
  issueX509Svid,
  parseTrustDomain,
  renderCertificates,
  renderPrivateKey,
  renderRoots,
} from '@hardway/identity'
import { execa } from 'execa'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { missing } from '../harness/missing.ts'

const id = 'spiffe://hardway.test/add'
const folder = mkdtempSync(join(tmpdir(), 'hardway-openssl-'))
const files = { root: join(folder, 'root.pem'), leaf: join(folder, 'leaf.pem'), key: join(folder, 'key.pem') }
const reason = await missing('openssl version')

beforeAll(() => {
  const { leaf, key, roots } = mint()
  writeFileSync(files.root, roots)
  writeFileSync(files.leaf, leaf)
  writeFileSync(files.key, key)
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(({ skip }) => skip(reason !== undefined, reason))

const openssl = (...args: string[]) => execa('openssl', args, { reject: false, all: true })
const verify = (purpose: string, leaf = files.leaf) =>
  openssl('verify', '-x509_strict', '-purpose', purpose, '-CAfile', files.root, leaf)

test.for([['sslserver'], ['sslclient']])(
  'openssl verifies an X509-SVID as %s, by the strict rules of RFC 5280',
  async ([purpose]) => {
    expect(await verify(purpose!)).toMatchObject({ exitCode: 0, all: `${files.leaf}: OK` })
  },
)

test('openssl verifies the root itself, strictly', async () => {
  const { all } = await openssl('verify', '-x509_strict', '-CAfile', files.root, files.root)
  expect(all).toBe(`${files.root}: OK`)
})

test('openssl refuses a leaf as a signer, and a leaf that another CA signed', async () => {
  expect((await verify('sslserver')).exitCode).toBe(0)
  expect((await verify('crlsign')).exitCode).toBe(2)
  const stranger = join(folder, 'stranger.pem')
  writeFileSync(stranger, mint().leaf)
  expect((await verify('sslserver', stranger)).exitCode).toBe(2)
})

test('openssl reads the same name from it', async () => {
  const { all } = await openssl('x509', '-in', files.leaf, '-noout', '-ext', 'subjectAltName')
  expect(all).toBe(`X509v3 Subject Alternative Name: critical\n    URI:${id}`)
})

test('the private key is that of the certificate', async () => {
  const [ofKey, ofLeaf] = [
    await openssl('pkey', '-in', files.key, '-pubout'),
    await openssl('x509', '-in', files.leaf, '-noout', '-pubkey'),
  ]
  expect(ofKey.all).toContain('BEGIN PUBLIC KEY')
  expect(ofKey.all).toBe(ofLeaf.all)
})

function mint() {
  const trustDomain = parseTrustDomain('hardway.test')
  const now = new Date()
  const authority = createX509Authority({ trustDomain, keys: generateKeyPair(), random: randomBytes, now })
  const bundle = createBundle(trustDomain, { x509Authorities: [authority], jwtAuthorities: [] })
  const { publicKey, privateKey } = generateKeyPair()
  const { chain } = issueX509Svid(authority, { uriSans: [id], publicKey }, { random: randomBytes, now })
  return { leaf: renderCertificates(chain), key: renderPrivateKey(privateKey), roots: renderRoots(bundle) }
}
