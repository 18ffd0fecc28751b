import { type Bundle, type BundleContent, createBundle, nextBundle } from '@hardway/identity'
import type { Authorities } from './kept.ts'

/** What every pod is to trust: all that sign, have signed or will sign. */
export function bundleOf(authorities: Authorities): Bundle {
  return { ...createBundle(authorities.trustDomain, contentOf(authorities)), sequence: authorities.sequence }
}

/** The authorities after a change, with a higher sequence number if the bundle has another content. */
export function withSequence(before: Authorities, after: Authorities): Authorities {
  const { sequence } = nextBundle(bundleOf(before), contentOf(after))
  return { ...after, sequence: sequence ?? before.sequence }
}

function contentOf({ x509, jwt }: Authorities): BundleContent {
  return {
    x509Authorities: x509.map(({ authority }) => authority),
    jwtAuthorities: jwt.map(({ authority }) => authority),
  }
}
