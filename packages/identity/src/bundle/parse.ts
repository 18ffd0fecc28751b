import type { TrustDomain } from '../trust-domain.ts'
import type { Bundle } from './bundle.ts'
import { readBundleDocument } from './read-document.ts'
import type { BundleFinding } from './read-key.ts'

export interface ParsedBundle {
  bundle: Bundle
  /** What is not as the standard asks; a key so marked was passed over, as §4.1.3 demands, and the others hold. */
  findings: readonly BundleFinding[]
}

/**
 * Reads a SPIFFE bundle document.
 * @param trustDomain  whose bundle it is, which the document does not say (Trust Domain and Bundle §3)
 * @param text         JSON
 * @throws {IdentityError} `bad_bundle` if it is no bundle at all; of a single bad key only a finding tells
 */
export function parseBundle(trustDomain: TrustDomain, text: string): ParsedBundle {
  const { keys, ...numbers } = readBundleDocument(text)
  const bundle = {
    trustDomain,
    x509Authorities: keys.flatMap(({ x509Authority }) => x509Authority ?? []),
    jwtAuthorities: keys.flatMap(({ jwtKey }) => jwtKey ?? []),
    ...numbers,
  }
  return { bundle, findings: keys.flatMap(({ findings }) => findings) }
}
