import { IdentityError } from '../error.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import { parseCertificatePem } from '../x509/pem.ts'

/** More would only keep a verifier busy: whoever connects sends them before anything is known of them. */
const longestChain = 10

/**
 * Reads what a workload shows: its leaf, then other certificates. Nothing is trusted yet.
 * @param chain  PEM, or the DER of each
 * @throws {IdentityError} `bad_certificate`
 */
export function parseX509Chain(
  chain: string | readonly Uint8Array[],
): [leaf: Certificate, ...others: Certificate[]] {
  const ders = typeof chain === 'string' ? parseCertificatePem(chain) : chain
  if (ders.length > longestChain) throw bad(`A chain of ${ders.length} certificates is too long`)
  const [leaf, ...others] = ders.map(parseCertificate)
  if (!leaf) throw bad('A chain has no certificate')
  return [leaf, ...others]
}

function bad(problem: string): IdentityError {
  return new IdentityError({
    code: 'bad_certificate',
    problem,
    section: 'X509-SVID §5.1',
    hint: `Give the leaf first, then the signing certificates up to a root; at most ${longestChain} in all.`,
  })
}
