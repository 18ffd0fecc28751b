import { IdentityError, type Problem } from '../error.ts'
import { parseSpiffeId, type SpiffeId } from '../spiffe-id.ts'
import type { Certificate } from '../x509/certificate.ts'
import { extensionIds } from '../x509/extensions.ts'
import { broken, certificateProblems } from './certificate-rules.ts'

/** Every rule of X509-SVID §3.2 and §4 that a signing certificate breaks by itself, whatever the time is. */
export function signerProblems(signer: Certificate): Problem[] {
  return [...certificateProblems(signer), ...constraintProblems(signer), ...idProblems(signer)]
}

/**
 * The ID of a signing certificate, if it has one: it names a trust domain. One without is allowed (§3.2), and so is the
 * web address of a CA; but what says `spiffe:` must be right.
 * @throws {IdentityError} `wrong_uri_san`, `bad_spiffe_id` or `bad_trust_domain`
 */
export function signerId({ uriSans }: Certificate): SpiffeId | undefined {
  const uri = uriSans.find(uri => /^spiffe:/i.test(uri))
  if (uri === undefined) return undefined
  if (uriSans.length > 1) {
    const problem = `It has ${uriSans.length} URI SANs, and an SVID has exactly one`
    throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §2'))
  }
  const id = parseSpiffeId(uri)
  if (id.path === '') return id
  const problem = `It signs, yet its ID ${uri} has a path`
  throw new IdentityError(broken('wrong_uri_san', problem, 'X509-SVID §3.2'))
}

function constraintProblems({ basicConstraints, keyUsage, extensions, subject }: Certificate): Problem[] {
  const problems: Problem[] = []
  if (!basicConstraints?.ca) {
    const problem = 'It is no signing certificate: cA is not true'
    problems.push(broken('wrong_basic_constraints', problem, 'X509-SVID §4.1'))
  }
  if (keyUsage && !keyUsage.includes('keyCertSign')) {
    problems.push(broken('wrong_key_usage', 'Its keyUsage lacks keyCertSign', 'X509-SVID §4.3'))
  }
  if (subject.empty) problems.push(broken('bad_certificate', 'Its Subject is empty', 'RFC 5280 §4.1.2.6'))
  // To pass over a constraint would be to trust more than the signer was trusted with.
  if (extensions.some(({ id }) => id === extensionIds.nameConstraints)) {
    const problem = 'It has name constraints, which are not supported here'
    problems.push(broken('name_constraints', problem, 'X509-SVID §4.2'))
  }
  return problems
}

function idProblems(signer: Certificate): Problem[] {
  try {
    signerId(signer)
    return []
  } catch (error) {
    return [error as IdentityError]
  }
}
