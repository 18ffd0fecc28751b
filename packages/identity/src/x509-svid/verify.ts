import { type Bundle, bundleOf } from '../bundle/bundle.ts'
import { throwFirst } from '../error.ts'
import type { SpiffeId } from '../spiffe-id.ts'
import type { Certificate } from '../x509/certificate.ts'
import { leafId, leafProblems } from './leaf-rules.ts'
import { parseX509Chain } from './parse.ts'
import { timeProblems } from './time-rules.ts'
import { trustedPath } from './trusted-path.ts'

/** An X509-SVID that was verified. */
export interface X509Svid {
  id: SpiffeId
  leaf: Certificate
  /** Whoever vouches for it: from the leaf's signer up to a root of the bundle. */
  signers: readonly Certificate[]
}

/**
 * Verifies what a workload shows: all of X509-SVID §2 to §5. Whether the workload also holds the private key is TLS's to
 * find out.
 * @param chain    PEM, or the DER of each; the leaf first
 * @param bundles  of every trust domain that may be met; only the one of the leaf's own trust domain is asked
 * @param now      the time
 * @throws {IdentityError} with the rule that is broken
 * @example verifyX509Svid(pem, { bundles: [bundle], now: new Date() }).id
 */
export function verifyX509Svid(
  chain: string | readonly Uint8Array[],
  { bundles, now }: { bundles: readonly Bundle[]; now: Date },
): X509Svid {
  const [leaf, ...others] = parseX509Chain(chain)
  throwFirst(leafProblems(leaf))
  const id = leafId(leaf)
  const { trustDomain, x509Authorities } = bundleOf(bundles, id.trustDomain)
  throwFirst(timeProblems(leaf, now))
  const [, ...signers] = trustedPath(leaf, others, x509Authorities, { trustDomain, now })
  return { id, leaf, signers }
}
