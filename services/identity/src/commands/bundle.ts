import { renderBundle, renderJwks, renderRoots } from '@hardway/identity'
import { bundleOf } from '../authority/bundle.ts'
import { propagation } from '../authority/rotation.ts'
import { current } from './current.ts'

/** Prints the keys that verify SVIDs. */
export function bundle({ format }: { format: 'spiffe' | 'pem' | 'jwks' }): void {
  const { registration, authorities } = current()
  const render = { spiffe: renderBundle, pem: renderRoots, jwks: renderJwks }[format]
  // Whoever looks so often has a new key before it signs.
  const refreshHint = Math.max(1, Math.floor(propagation(registration.x509)))
  process.stdout.write(render({ ...bundleOf(authorities), refreshHint }))
}
