import type { KeyObject } from 'node:crypto'
import { IdentityError, throwFirst } from '../error.ts'
import { type KeyPair, p256Spki, requireP256 } from '../key-pair.ts'
import { renderSpiffeId, spiffeId } from '../spiffe-id.ts'
import { foreign, type TrustDomain } from '../trust-domain.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import {
  basicConstraints,
  keyIdentifier,
  keyUsage,
  subjectAlternativeName,
  subjectKeyIdentifier,
  uriName,
} from '../x509/extensions.ts'
import { authorityName, signedCertificate } from '../x509/template.ts'
import { signerId, signerProblems } from '../x509-svid/signer-rules.ts'
import { lifetime } from './lifetime.ts'
import { type Randomness, serialNumber } from './serial-number.ts'

/** Signs the X509-SVIDs of one trust domain. Its key signs nothing else. */
export interface X509Authority {
  readonly trustDomain: TrustDomain
  /** A root of the trust domain's bundle. */
  readonly certificate: Certificate
  readonly privateKey: KeyObject
}

const oneDay = 24 * 60 * 60

/**
 * Makes an authority: a signing certificate that its own key signs, with the ID of the trust domain (X509-SVID §3.2, §4).
 * @param keys    P-256
 * @param random  for the serial number: gives as many bytes as asked, which nobody can foretell
 * @param now     the time; the certificate begins 10 seconds before
 * @param lifeSeconds  24 hours if left out
 * @throws {IdentityError} `bad_key`, `bad_lifetime`, `bad_randomness`
 * @example createX509Authority({ trustDomain, keys: generateKeyPair(), random: randomBytes, now: new Date() })
 */
export function createX509Authority(request: {
  trustDomain: TrustDomain
  keys: KeyPair
  random: Randomness
  now: Date
  lifeSeconds?: number
}): X509Authority {
  const { trustDomain, keys, random, now, lifeSeconds = oneDay } = request
  requireP256(keys.privateKey, 'private', 'The key of an X.509 authority')
  const serial = serialNumber(random)
  const name = authorityName(serial)
  const publicKey = p256Spki(keys.publicKey, 'The public half of an X.509 authority')
  const der = signedCertificate(
    {
      serial,
      issuer: name,
      ...lifetime(now, lifeSeconds),
      subject: name,
      publicKey,
      extensions: [
        basicConstraints({ ca: true, pathLength: 0 }), // it signs leaves, and makes nobody else an authority
        keyUsage(['keyCertSign']),
        subjectAlternativeName([uriName(renderSpiffeId(spiffeId(trustDomain, '')))], { critical: false }),
        subjectKeyIdentifier(keyIdentifier(publicKey)),
      ],
    },
    keys.privateKey,
  )
  return { trustDomain, certificate: parseCertificate(der), privateKey: keys.privateKey }
}

/**
 * Opens an authority again, from what was stored.
 * @throws {IdentityError} if the certificate is no signing certificate of this trust domain, or of another key
 */
export function openX509Authority({
  trustDomain,
  certificate: der,
  keys,
}: {
  trustDomain: TrustDomain
  certificate: Uint8Array
  keys: KeyPair
}): X509Authority {
  const certificate = parseCertificate(der)
  throwFirst(signerProblems(certificate))
  const id = signerId(certificate)
  if (id && id.trustDomain !== trustDomain) {
    throw new IdentityError(foreign('The signing certificate', id.trustDomain, trustDomain))
  }
  requireP256(keys.privateKey, 'private', 'The key of an X.509 authority')
  if (certificate.publicKey.equals(keys.publicKey))
    return { trustDomain, certificate, privateKey: keys.privateKey }
  throw new IdentityError({
    code: 'bad_key',
    problem: 'The private key is not that of the signing certificate',
    section: 'RFC 5280 §4.1.2.7',
    hint: 'Store both together, or make a new authority.',
  })
}
