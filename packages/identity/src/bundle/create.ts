import { IdentityError, throwFirst } from '../error.ts'
import { foreign, type TrustDomain } from '../trust-domain.ts'
import type { Certificate } from '../x509/certificate.ts'
import { signerId, signerProblems } from '../x509-svid/signer-rules.ts'
import type { Bundle, JwtKey } from './bundle.ts'

/** What a bundle is made of; authorities have all that is asked of one. */
export interface BundleContent {
  /** The old one and the new one, while one replaces the other. */
  x509Authorities: readonly { certificate: Certificate }[]
  jwtAuthorities: readonly (JwtKey & { trustDomain?: TrustDomain })[]
  /** In whole seconds. */
  refreshHint?: number
}

/**
 * Makes the first bundle of a trust domain, with the sequence number 1.
 * @throws {IdentityError} `bad_bundle_key` if two keys share a `kid`, or one key signs certificates and tokens;
 *   `foreign_trust_domain`, and whatever a certificate that is no signing certificate breaks; `bad_bundle` for a refresh
 *   hint that is no whole number of seconds
 * @example createBundle(trustDomain, { x509Authorities: [old, next], jwtAuthorities: [jwtAuthority] })
 */
export function createBundle(trustDomain: TrustDomain, content: BundleContent): Bundle {
  return bundle(trustDomain, content, 1n)
}

/**
 * The bundle that follows: the same one if the content is the same, else with the next sequence number (§4.1.1).
 * @param previous  as {@link createBundle} or parseBundle gave it
 */
export function nextBundle(previous: Bundle, content: BundleContent): Bundle {
  const next = bundle(previous.trustDomain, content, (previous.sequence ?? 0n) + 1n)
  return fingerprint(next) === fingerprint(previous) ? previous : next
}

function bundle(trustDomain: TrustDomain, content: BundleContent, sequence: bigint): Bundle {
  const x509Authorities = content.x509Authorities.map(({ certificate }) => certificate)
  const jwtAuthorities = content.jwtAuthorities.map(({ keyId, publicKey }) => ({ keyId, publicKey }))
  for (const certificate of x509Authorities) requireSigner(certificate, trustDomain)
  for (const { trustDomain: own = trustDomain } of content.jwtAuthorities) {
    if (own !== trustDomain) throw new IdentityError(foreign('A JWT authority', own, trustDomain))
  }
  requireSeparate(x509Authorities, jwtAuthorities)
  requireWholeSeconds(content.refreshHint)
  return {
    trustDomain,
    x509Authorities,
    jwtAuthorities,
    sequence,
    ...(content.refreshHint !== undefined && { refreshHint: content.refreshHint }),
  }
}

function requireSigner(certificate: Certificate, trustDomain: TrustDomain): void {
  throwFirst(signerProblems(certificate))
  const id = signerId(certificate)
  if (id && id.trustDomain !== trustDomain) {
    throw new IdentityError(foreign('A signing certificate', id.trustDomain, trustDomain))
  }
}

/** A key has one use: else a signature made for one kind of document could be shown as another (§2). */
function requireSeparate(x509Authorities: readonly Certificate[], jwtAuthorities: readonly JwtKey[]): void {
  for (const [index, { keyId, publicKey }] of jwtAuthorities.entries()) {
    if (keyId === '' || jwtAuthorities.findIndex(other => other.keyId === keyId) !== index) {
      throw badKey(`The kid "${keyId}" is not the name of one key`)
    }
    if (x509Authorities.some(certificate => certificate.publicKey.equals(publicKey))) {
      throw badKey(`The key "${keyId}" signs tokens and certificates`)
    }
  }
}

function badKey(problem: string): IdentityError {
  const section = 'SPIFFE_Trust_Domain_and_Bundle §2'
  return new IdentityError({
    code: 'bad_bundle_key',
    problem,
    section,
    hint: 'Make a key for each authority.',
  })
}

function requireWholeSeconds(refreshHint: number | undefined): void {
  if (refreshHint === undefined || (Number.isSafeInteger(refreshHint) && refreshHint >= 0)) return
  throw new IdentityError({
    code: 'bad_bundle',
    problem: `A refresh hint of ${refreshHint}`,
    section: 'SPIFFE_Trust_Domain_and_Bundle §4.1.2',
    hint: 'Give a whole number of seconds, such as 300.',
  })
}

function fingerprint({ x509Authorities, jwtAuthorities, refreshHint }: Bundle): string {
  const roots = x509Authorities.map(({ der }) => Buffer.from(der).toString('base64'))
  const keys = jwtAuthorities.map(({ keyId, publicKey }) => [keyId, publicKey.export({ format: 'jwk' })])
  return JSON.stringify([roots, keys, refreshHint])
}
