import type { KeyObject } from 'node:crypto'
import { IdentityError, throwFirst } from '../error.ts'
import { p256Spki } from '../key-pair.ts'
import { isMember, parseSpiffeId, renderSpiffeId, type SpiffeId } from '../spiffe-id.ts'
import { foreign } from '../trust-domain.ts'
import type { Certificate } from '../x509/certificate.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  purposes,
  subjectAlternativeName,
  subjectKeyIdentifier,
  uriName,
} from '../x509/extensions.ts'
import { emptyName, signedCertificate } from '../x509/template.ts'
import { broken } from '../x509-svid/certificate-rules.ts'
import { timeProblems } from '../x509-svid/time-rules.ts'
import type { X509Authority } from './create.ts'
import { lifetime } from './lifetime.ts'
import { type Randomness, serialNumber } from './serial-number.ts'

/** What somebody asks an authority to sign. */
export interface X509SvidRequest {
  /** The URI SANs that are asked for, as a certificate request has them: exactly one, the SPIFFE ID. */
  uriSans: readonly string[]
  /** P-256; its private half never comes here. */
  publicKey: KeyObject
  /** 1 hour if left out; it ends with its signer at the latest. */
  lifeSeconds?: number
}

/** A new X509-SVID; the private key is with whoever asked. */
export interface IssuedX509Svid {
  id: SpiffeId
  /** The leaf, in DER. Its signer is a root, which the other side has in its bundle. */
  chain: readonly [Uint8Array]
  notBefore: Date
  notAfter: Date
}

const oneHour = 60 * 60
const leafConstraints = basicConstraints({ ca: false })
const leafUsage = keyUsage(['digitalSignature'])
const leafPurposes = extendedKeyUsage([purposes.serverAuth, purposes.clientAuth])

/**
 * Issues an X509-SVID, or refuses. Envoy takes a certificate with two URI SANs for either identity: that door is shut
 * here, where certificates are signed.
 * @param random  for the serial number
 * @param now     the time; the certificate begins 10 seconds before
 * @throws {IdentityError} `wrong_uri_san`, `bad_spiffe_id`, `foreign_trust_domain`, `bad_key`, `bad_lifetime`,
 *   `bad_randomness`; `expired` or `not_yet_valid` if the authority is
 * @example issueX509Svid(authority, { uriSans: ['spiffe://hardway.test/add'], publicKey }, { random: randomBytes, now })
 */
export function issueX509Svid(
  authority: X509Authority,
  { uriSans, publicKey, lifeSeconds = oneHour }: X509SvidRequest,
  { random, now }: { random: Randomness; now: Date },
): IssuedX509Svid {
  const id = requireId(uriSans, authority)
  const spki = p256Spki(publicKey, 'The key of an SVID')
  requireOtherKey(publicKey, authority)
  const { certificate: signer, privateKey } = authority
  throwFirst(timeProblems(signer, now))
  const { notBefore, notAfter } = within(lifetime(now, lifeSeconds), signer)
  const leaf = signedCertificate(
    {
      serial: serialNumber(random),
      issuer: Buffer.from(signer.subject.der, 'hex'),
      notBefore,
      notAfter,
      subject: emptyName,
      publicKey: spki,
      extensions: [
        leafConstraints,
        leafUsage,
        leafPurposes,
        subjectAlternativeName([uriName(renderSpiffeId(id))], { critical: true }), // for the Subject is empty (§3.1)
        subjectKeyIdentifier(keyIdentifier(spki)),
        ...authorityKey(signer),
      ],
    },
    privateKey,
  )
  return { id, chain: [leaf], notBefore, notAfter }
}

function requireId(uriSans: readonly string[], { trustDomain }: X509Authority): SpiffeId {
  const [uri, ...more] = uriSans
  if (uri === undefined || more.length > 0) {
    const problem = `Asked to sign ${uriSans.length} URI SANs; exactly one is signed, the SPIFFE ID`
    throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §2'))
  }
  const id = parseSpiffeId(uri)
  if (id.path === '') {
    const problem = `${uri} has no path: it names a trust domain, not a workload`
    throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §3.1'))
  }
  if (isMember(id, trustDomain)) return id
  throw new IdentityError(foreign(uri, id.trustDomain, trustDomain))
}

/** A leaf with the authority's own key could sign in its name. */
function requireOtherKey(publicKey: KeyObject, { certificate }: X509Authority): void {
  if (!publicKey.equals(certificate.publicKey)) return
  const problem = "Asked to make the authority's own key an SVID"
  throw new IdentityError(broken('bad_key', problem, 'X509-SVID §3.2'))
}

/** An SVID never outlives its signer, nor does it begin before it. */
function within(
  { notBefore, notAfter }: { notBefore: Date; notAfter: Date },
  signer: Certificate,
): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore < signer.notBefore ? signer.notBefore : notBefore,
    notAfter: notAfter > signer.notAfter ? signer.notAfter : notAfter,
  }
}

function authorityKey({ subjectKeyIdentifier: identifier }: Certificate): Uint8Array[] {
  return identifier === undefined ? [] : [authorityKeyIdentifier(Buffer.from(identifier, 'hex'))]
}
