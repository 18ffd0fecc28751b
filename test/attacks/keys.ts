import { randomBytes } from 'node:crypto'
import {
  createJwtAuthority,
  generateKeyPair,
  openX509Authority,
  parseCertificatePem,
  parsePrivateKey,
  parseTrustDomain,
  renderCertificates,
  renderPrivateKey,
} from '@hardway/identity'
import {
  type CertificateForgery,
  forgeLeaf,
  forgeSigner,
  forgeToken,
  type Signer,
} from '@hardway/identity/forge'
import type { Keys } from './world.ts'

const trustDomain = parseTrustDomain('hardway.test')

interface AuthorityDocument {
  x509_authorities: { state: string; certificate: string; key: string }[]
  jwt_authorities: { state: string; key: string }[]
}

/** Reads what the identity service keeps. @param text  authority.json; none before chapter 04 */
export function readKeys(text: string): Keys {
  const { x509_authorities, jwt_authorities }: AuthorityDocument = JSON.parse(text)
  const x509 = x509_authorities.find(({ state }) => state === 'active')
  const jwt = jwt_authorities.find(({ state }) => state === 'active')
  return {
    ...(x509 && {
      x509: openX509Authority({
        trustDomain,
        certificate: parseCertificatePem(x509.certificate)[0]!,
        keys: parsePrivateKey(x509.key),
      }),
    }),
    ...(jwt && { jwt: createJwtAuthority({ trustDomain, keys: parsePrivateKey(jwt.key) }) }),
  }
}

export const idOf = (path: string) => `spiffe://hardway.test/${path}`

/** A key and a certificate that is right but for what the forgery says. */
export function certificate(signer: Signer, name: string, forgery: CertificateForgery = {}) {
  const { publicKey, privateKey } = generateKeyPair()
  const leaf = forgeLeaf(signer, idOf(name), { ...forgery, publicKey })
  return { privateKey: renderPrivateKey(privateKey), chain: renderCertificates([leaf]) }
}

/** An authority that says that it is that of hardway.test, and nobody has heard of. */
export function strangeAuthority(): Signer {
  const hour = 3_600_000
  const life = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + hour) }
  return forgeSigner(['spiffe://hardway.test'], { ...life, serial: randomBytes(15) })
}

/** A key that the attacker made. */
export const ownKey = generateKeyPair().privateKey

/** A token of alice that is right but for what the forgery says, signed by whom it says. */
export function token(
  { jwt }: Keys,
  { header = {}, claims = {} }: { header?: object; claims?: object },
  key: Parameters<typeof forgeToken>[1],
): string {
  const now = Math.floor(Date.now() / 1000)
  return forgeToken(
    {
      header: { alg: 'ES256', kid: jwt?.keyId ?? 'none', typ: 'JWT', ...header },
      claims: { sub: idOf('client/alice'), aud: idOf('calculator'), exp: now + 300, iat: now, ...claims },
    },
    key,
  )
}
