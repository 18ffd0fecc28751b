import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { IdentityError } from '../error.ts'
import { isStrong } from '../strong-key.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import { signerProblems } from '../x509-svid/signer-rules.ts'
import type { JwtKey } from './bundle.ts'

/** Something about one key of a bundle. */
export interface BundleFinding {
  /** Its place in `keys`, from 0. */
  index: number
  passedOver: boolean
  problem: string
  section: string
}

export interface ReadKey {
  x509Authority?: Certificate
  jwtKey?: JwtKey
  findings: readonly BundleFinding[]
}

type Jwk = Record<string, unknown>

/** Why a key cannot be used. */
class Unusable extends Error {
  section: string

  constructor(problem: string, section: string) {
    super(problem)
    this.section = section
  }
}

/** Reads one entry of a bundle. It never throws: what is unknown must be passed over (Trust Domain and Bundle §4.1.3). */
export function readKey(entry: unknown, index: number): ReadKey {
  const finding = (problem: string, section: string, passedOver: boolean): BundleFinding => ({
    index,
    passedOver,
    problem,
    section,
  })
  try {
    const jwk = requireObject(entry)
    if (jwk.use === 'x509-svid') {
      const findings = x509Remarks(jwk).map(remark => finding(remark, 'X509-SVID §6.1', false))
      return { x509Authority: x509Authority(jwk), findings }
    }
    if (jwk.use === 'jwt-svid') return { jwtKey: jwtKey(jwk), findings: [] }
    throw new Unusable(
      jwk.use === undefined ? 'It has no "use"' : 'Its "use" is unknown here',
      bundleSection('4.2.2'),
    )
  } catch (error) {
    const section =
      error instanceof Unusable || error instanceof IdentityError ? error.section : 'RFC 7517 §5'
    const problem = error instanceof IdentityError ? error.problem : (error as Error).message
    return { findings: [finding(problem, section, true)] }
  }
}

/** X509-SVID §6.2: the first certificate of `x5c` counts, whatever follows it. */
function x509Authority(jwk: Jwk): Certificate {
  const [first] = Array.isArray(jwk.x5c) ? jwk.x5c : []
  if (typeof first !== 'string') throw new Unusable('It has no certificate in "x5c"', 'X509-SVID §6.2')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(first)) throw new Unusable('Its "x5c" is not base64', 'RFC 7517 §4.7')
  const certificate = parseCertificate(Buffer.from(first, 'base64'))
  const [problem] = signerProblems(certificate)
  if (problem) throw new IdentityError(problem)
  if (!publicKey(jwk).equals(certificate.publicKey)) {
    throw new Unusable('Its certificate is of another key', 'RFC 7517 §4.7')
  }
  return certificate
}

function x509Remarks(jwk: Jwk): string[] {
  const remarks: string[] = []
  if (jwk.kid !== undefined) remarks.push('It has a "kid", and no key of this use may')
  if (Array.isArray(jwk.x5c) && jwk.x5c.length > 1)
    remarks.push('It has several certificates; only the first counts')
  return remarks
}

function jwtKey(jwk: Jwk): JwtKey {
  const { kid, alg } = jwk
  if (typeof kid !== 'string' || kid === '') throw new Unusable('It has no "kid"', 'JWT-SVID §6.1')
  if (alg !== undefined && typeof alg !== 'string')
    throw new Unusable('Its "alg" is no text', 'RFC 7517 §4.4')
  return { keyId: kid, publicKey: publicKey(jwk), ...(alg !== undefined && { algorithm: alg }) }
}

/** Only kinds that sign, and only what is public: no shared secret ever becomes a key here. */
function publicKey(jwk: Jwk): KeyObject {
  const { kty, crv, x, y, n, e } = jwk
  if (kty !== 'EC' && kty !== 'RSA') throw new Unusable('Its "kty" is unknown here', bundleSection('4.2.1'))
  if ('d' in jwk)
    throw new Unusable('It holds a private key: that key is now known to others', 'RFC 7517 §9.2')
  const key = importKey((kty === 'EC' ? { kty, crv, x, y } : { kty, n, e }) as JsonWebKey)
  if (!isStrong(key)) throw new Unusable('Its key is too weak, or of an unknown curve', 'RFC 7518 §3')
  return key
}

function importKey(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    throw new Unusable('Its parameters are no key', 'RFC 7518 §6')
  }
}

function requireObject(entry: unknown): Jwk {
  if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) return entry as Jwk
  throw new Unusable('It is no JSON object', 'RFC 7517 §5')
}

function bundleSection(section: string): string {
  return `SPIFFE_Trust_Domain_and_Bundle §${section}`
}
