import { renderSpiffeId, spiffeId } from '@hardway/identity'
import { issueSvid } from '../svid/issue.ts'
import { current, signer, ttlByHand } from './current.ts'

const tenMinutes = 600

/** Issues an X509-SVID by hand: `openssl s_client` takes the output as -cert and as -key. */
export function mint(name: string, options: { ttl?: number }): void {
  const { registration, authorities } = current()
  const now = new Date()
  const ttl = ttlByHand(options.ttl, tenMinutes, registration.x509, 'x509')
  const id = renderSpiffeId(spiffeId(authorities.trustDomain, `/${name}`))
  const { key, svid } = issueSvid(signer(authorities.x509, 'X.509', now).authority, { id, ttl, now })
  process.stdout.write(key + svid)
}
