import { hash } from 'node:crypto'
import { IdentityError } from '../error.ts'
import { thumbprint } from '../thumbprint.ts'
import { type Certificate, parseCertificate } from '../x509/certificate.ts'
import { purposes } from '../x509/extensions.ts'
import { signatureAlgorithmName } from '../x509/signature.ts'
import { broken as brokenCertificate } from '../x509-svid/certificate-rules.ts'
import { leafProblems } from '../x509-svid/leaf-rules.ts'
import { signerProblems } from '../x509-svid/signer-rules.ts'
import { timeProblems } from '../x509-svid/time-rules.ts'
import { type BrokenRule, type ExplainedDocument, type Field, must, should } from './explanation.ts'
import { keyKind } from './key.ts'

/** @param now  judges the times too, if it is there */
export function explainCertificate(der: Uint8Array, now: Date | undefined): ExplainedDocument {
  try {
    return explained(parseCertificate(der), now)
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    const purpose = 'It should be a certificate, and cannot be read.'
    return { kind: 'unreadable certificate', purpose, fields: [], broken: [must(error)] }
  }
}

function explained(certificate: Certificate, now: Date | undefined): ExplainedDocument {
  const signs = certificate.basicConstraints?.ca || certificate.keyUsage?.includes('keyCertSign')
  const problems = signs ? signerProblems(certificate) : leafProblems(certificate)
  const times = now ? timeProblems(certificate, now) : []
  return {
    kind: signs ? 'signing certificate' : 'X509-SVID',
    purpose: signs
      ? 'It vouches for other certificates, and authenticates nobody itself.'
      : 'It shows who a workload is, in TLS, together with its private key.',
    fields: [...nameFields(certificate), ...timeFields(certificate), ...usageFields(certificate)],
    broken: [...[...problems, ...times].map(must), ...(signs ? signerAdvice : leafAdvice)(certificate)],
  }
}

function nameFields({ uriSans, otherSans, subject, issuer, serial }: Certificate): Field[] {
  return [
    ...uriSans.map(uri => ({ name: 'URI SAN', value: uri, meaning: 'the SPIFFE ID: who this is' })),
    ...otherSans.map(san => ({ name: 'other SAN', value: san, meaning: 'for others than SPIFFE' })),
    { name: 'Subject', value: subject.text || '(empty)', meaning: 'a name for people; it decides nothing' },
    { name: 'Issuer', value: issuer.text || '(empty)', meaning: 'the Subject of whoever signed it' },
    { name: 'serial number', value: serial, meaning: 'its number with its issuer, not to be foretold' },
  ]
}

function timeFields({ notBefore, notAfter }: Certificate): Field[] {
  const minutes = Math.round((notAfter.getTime() - notBefore.getTime()) / 60_000)
  return [
    { name: 'not before', value: notBefore.toISOString(), meaning: 'valid from then on' },
    {
      name: 'not after',
      value: notAfter.toISOString(),
      meaning: `valid until then: ${minutes} minutes in all`,
    },
  ]
}

function usageFields(certificate: Certificate): Field[] {
  const { basicConstraints, keyUsage, extendedKeyUsage, publicKey, signatureAlgorithm, der } = certificate
  const names = Object.entries(purposes)
  const purpose = (id: string) => names.find(([, known]) => known === id)?.[0] ?? id
  const constraints = basicConstraints ?? { ca: false }
  const length =
    constraints.pathLength === undefined ? '' : `, at most ${constraints.pathLength} signers below`
  const algorithm = signatureAlgorithmName(signatureAlgorithm.id) ?? signatureAlgorithm.id
  return [
    { name: 'cA', value: `${constraints.ca}${length}`, meaning: 'whether it may sign certificates' },
    { name: 'keyUsage', value: keyUsage?.join(', ') ?? '(absent)', meaning: 'what its key may do' },
    {
      name: 'extended key usage',
      value: extendedKeyUsage?.map(purpose).join(', ') ?? '(absent)',
      meaning: 'which side of a TLS connection it may be',
    },
    { name: 'key', value: keyKind(publicKey), meaning: 'its owner holds the private half' },
    { name: 'key thumbprint', value: keyThumbprint(certificate), meaning: 'names the key (RFC 7638)' },
    { name: 'signature', value: algorithm, meaning: 'how its issuer signed it' },
    { name: 'SHA-256', value: hash('sha256', der), meaning: 'names exactly this certificate' },
  ]
}

function keyThumbprint({ publicKey }: Certificate): string {
  try {
    return thumbprint(publicKey)
  } catch {
    return '(none for keys of this kind)'
  }
}

function leafAdvice({ extendedKeyUsage }: Certificate): BrokenRule[] {
  if (extendedKeyUsage) return []
  const problem = 'It has no extended key usage'
  return [should(brokenCertificate('wrong_extended_key_usage', problem, 'X509-SVID §4.4'))]
}

function signerAdvice({ uriSans }: Certificate): BrokenRule[] {
  if (uriSans.length > 0) return []
  const problem = 'It has no SPIFFE ID of its own, spiffe://TRUST-DOMAIN'
  return [should(brokenCertificate('wrong_uri_san', problem, 'X509-SVID §3.2'))]
}
