import type { JsonWebKey } from 'node:crypto'
import { renderCertificates } from '../x509/pem.ts'
import type { Bundle } from './bundle.ts'

/**
 * Writes a SPIFFE bundle document (Trust Domain and Bundle §4). The name of the trust domain is not in it: whoever keeps a
 * bundle remembers whose it is (§3).
 * @returns JSON
 */
export function renderBundle({ x509Authorities, jwtAuthorities, sequence, refreshHint }: Bundle): string {
  const keys = [
    ...x509Authorities.map(({ publicKey, der }) => ({
      ...publicKey.export({ format: 'jwk' }),
      use: 'x509-svid',
      x5c: [Buffer.from(der).toString('base64')],
    })),
    ...jwtAuthorities.map(({ keyId, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      use: 'jwt-svid',
      kid: keyId,
    })),
  ]
  const text = JSON.stringify({ spiffe_refresh_hint: refreshHint, keys }, undefined, 2)
  if (sequence === undefined) return `${text}\n`
  return `{\n  "spiffe_sequence": ${sequence},${text.slice(1)}\n` // JSON.stringify knows no bigint
}

/** The roots as PEM, for Envoy's `trusted_ca`. */
export function renderRoots({ x509Authorities }: Bundle): string {
  return renderCertificates(x509Authorities.map(({ der }) => der))
}

/**
 * The JWT keys as a plain JWK Set, for Envoy's jwt_authn and for jose: both pass over a key whose `use` is `jwt-svid`.
 * @returns JSON
 */
export function renderJwks({ jwtAuthorities }: Bundle): string {
  const keys = jwtAuthorities.map(({ keyId, publicKey, algorithm }) => {
    const jwk = publicKey.export({ format: 'jwk' })
    const alg = algorithm ?? algorithmOf(jwk)
    return { ...jwk, kid: keyId, use: 'sig', ...(alg && { alg }) }
  })
  return `${JSON.stringify({ keys }, undefined, 2)}\n`
}

/** A curve has one algorithm (RFC 7518 §3.4); an RSA key may serve six. */
function algorithmOf({ crv }: JsonWebKey): string | undefined {
  return { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }[crv ?? '']
}
