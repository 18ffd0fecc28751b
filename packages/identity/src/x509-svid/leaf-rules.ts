import { IdentityError, type Problem } from '../error.ts'
import { parseSpiffeId, type SpiffeId } from '../spiffe-id.ts'
import type { Certificate } from '../x509/certificate.ts'
import { extensionIds, purposes } from '../x509/extensions.ts'
import { broken, certificateProblems } from './certificate-rules.ts'

/** Every rule of X509-SVID §2 to §5 that a leaf breaks by itself, whoever signed it and whatever the time is. */
export function leafProblems(leaf: Certificate): Problem[] {
  return [
    ...certificateProblems(leaf),
    ...idProblems(leaf),
    ...constraintProblems(leaf),
    ...usageProblems(leaf),
    ...subjectProblems(leaf),
  ]
}

/**
 * The identity that a leaf claims.
 * @throws {IdentityError} `wrong_uri_san`, `bad_spiffe_id` or `bad_trust_domain`
 */
export function leafId({ uriSans }: Certificate): SpiffeId {
  const [uri, ...more] = uriSans
  if (uri === undefined || more.length > 0) {
    const problem = `It has ${uriSans.length} URI SANs, and exactly one is its SPIFFE ID`
    throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §2'))
  }
  const id = parseSpiffeId(uri)
  if (id.path !== '') return id
  const problem = `${uri} has no path: it names a trust domain, not a workload`
  throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §5.2'))
}

function idProblems(leaf: Certificate): Problem[] {
  try {
    leafId(leaf)
    return []
  } catch (error) {
    return [error as IdentityError]
  }
}

function constraintProblems({ basicConstraints }: Certificate): Problem[] {
  if (!basicConstraints?.ca) return []
  const problem = 'It is a signing certificate (cA is true), and those authenticate nobody'
  return [broken('wrong_basic_constraints', problem, 'X509-SVID §5.2')]
}

function usageProblems({ keyUsage, extendedKeyUsage }: Certificate): Problem[] {
  const problems: Problem[] = []
  if (keyUsage && !keyUsage.includes('digitalSignature')) {
    problems.push(broken('wrong_key_usage', 'Its keyUsage lacks digitalSignature', 'X509-SVID §4.3'))
  }
  for (const usage of ['keyCertSign', 'cRLSign'] as const) {
    if (!keyUsage?.includes(usage)) continue
    problems.push(
      broken('wrong_key_usage', `Its keyUsage has ${usage}, which no leaf may have`, 'X509-SVID §5.2'),
    )
  }
  for (const [name, id] of Object.entries(purposes)) {
    if (!extendedKeyUsage || extendedKeyUsage.includes(id)) continue
    const problem = `Its extended key usage lacks ${name}`
    problems.push(broken('wrong_extended_key_usage', problem, 'X509-SVID §4.4'))
  }
  return problems
}

function subjectProblems({ subject, extensions }: Certificate): Problem[] {
  const names = extensions.find(({ id }) => id === extensionIds.subjectAlternativeName)
  if (!subject.empty || !names || names.critical) return []
  const problem = 'Its Subject is empty, yet its subject alternative name is not critical'
  return [broken('wrong_subject_alternative_name', problem, 'X509-SVID §3.1')]
}
