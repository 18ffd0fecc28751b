import { randomBytes } from 'node:crypto'
import {
  generateKeyPair,
  issueX509Svid,
  renderCertificates,
  renderPrivateKey,
  type X509Authority,
} from '@hardway/identity'

/**
 * Issues an X509-SVID with a key of its own.
 * @param ttl  in seconds
 * @returns both as PEM
 * @throws {IdentityError}
 */
export function issueSvid(
  authority: X509Authority,
  { id, ttl, now }: { id: string; ttl: number; now: Date },
): { svid: string; key: string } {
  const { publicKey, privateKey } = generateKeyPair()
  const request = { uriSans: [id], publicKey, lifeSeconds: ttl }
  const { chain } = issueX509Svid(authority, request, { random: randomBytes, now })
  return { svid: renderCertificates(chain), key: renderPrivateKey(privateKey) }
}
