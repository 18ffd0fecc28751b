import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import {
  createBundle,
  createJwtAuthority,
  createX509Authority,
  generateKeyPair,
  issueX509Svid,
  parseSpiffeId,
  parseTrustDomain,
  signJwtSvid,
  verifyJwtSvid,
} from '@hardway/identity'
import { median } from './measure.ts'

/**
 * What an SVID costs above the bare cryptography that it cannot do without, on one core and in one process. Contestants take
 * turns, A B B A, in short slices, and each is compared with its neighbour. Exit code 1 if a ratio is more than it may be.
 */
const budget = { 'X509-SVID': 8, 'JWT-SVID': 2 }
const rounds = 40
const sliceMilliseconds = 150

const trustDomain = parseTrustDomain('hardway.test')
const now = new Date()
const x509 = createX509Authority({ trustDomain, keys: generateKeyPair(), random: randomBytes, now })
const jwt = createJwtAuthority({ trustDomain, keys: generateKeyPair() })
const bundles = [createBundle(trustDomain, { x509Authorities: [x509], jwtAuthorities: [jwt] })]
const audience = 'spiffe://hardway.test/calculator'
const id = parseSpiffeId('spiffe://hardway.test/client/alice')
const signed = Buffer.from(signJwtSvid(jwt, { id, audience, now }))

/** A new key, and the signature of the authority over it. */
function bareCertificate(): void {
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
  sign('sha256', signed, x509.privateKey)
}

function x509Svid(): void {
  const { publicKey } = generateKeyPair()
  issueX509Svid(x509, { uriSans: ['spiffe://hardway.test/add'], publicKey }, { random: randomBytes, now })
}

/** A signature, and its verification. */
function bareToken(): void {
  const signature = sign('sha256', signed, { key: jwt.privateKey, dsaEncoding: 'ieee-p1363' })
  verify('sha256', signed, { key: jwt.publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

function jwtSvid(): void {
  const token = signJwtSvid(jwt, { id, audience, now })
  verifyJwtSvid(token, { bundles, audience, now })
}

execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', `${process.pid}`])
compare('X509-SVID', 'keys made, certificates signed', bareCertificate, x509Svid)
compare('JWT-SVID', 'tokens signed and verified', bareToken, jwtSvid)

function compare(name: keyof typeof budget, what: string, bare: () => void, ours: () => void): void {
  const pairs = alternate(bare, ours)
  const ratios = pairs.map(({ bare, ours }) => bare / ours)
  const ratio = median(ratios)
  const [low, high] = quartiles(ratios)
  console.log(`${name}: ${what} per second, medians of ${rounds} slices of ${sliceMilliseconds} ms`)
  console.log(`  bare  ${perSecond(pairs.map(({ bare }) => bare))}`)
  console.log(`  ours  ${perSecond(pairs.map(({ ours }) => ours))}`)
  console.log(
    `  ratio ${ratio.toFixed(2)} (half of the pairs between ${low.toFixed(2)} and ${high.toFixed(2)})`,
  )
  if (ratio <= budget[name]) return
  console.error(`  too much: may be ${budget[name]}`)
  process.exitCode = 1
}

/** How often each runs in a second, in neighbouring slices. */
function alternate(bare: () => void, ours: () => void): { bare: number; ours: number }[] {
  slice(bare) // unmeasured, so that the code is compiled
  slice(ours)
  return Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) return { bare: slice(bare), ours: slice(ours) }
    const second = slice(ours)
    return { ours: second, bare: slice(bare) }
  })
}

function slice(act: () => void): number {
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < sliceMilliseconds; count++) act()
  return (count * 1000) / (performance.now() - start)
}

function perSecond(values: number[]): string {
  return Math.round(median(values)).toLocaleString('en').padStart(7)
}

function quartiles(values: number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b)
  return [sorted[Math.floor(sorted.length / 4)]!, sorted[Math.floor((sorted.length * 3) / 4)]!]
}
