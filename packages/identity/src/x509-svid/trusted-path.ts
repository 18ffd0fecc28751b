import { IdentityError, type Problem } from '../error.ts'
import { foreign, type TrustDomain } from '../trust-domain.ts'
import type { Certificate } from '../x509/certificate.ts'
import { isSignedBy } from '../x509/signature.ts'
import { broken } from './certificate-rules.ts'
import { signerId, signerProblems } from './signer-rules.ts'
import { timeProblems } from './time-rules.ts'

/** A leaf and its signers so far, the next one signing the one before. */
type Path = readonly [leaf: Certificate, ...signers: Certificate[]]

/**
 * Finds the way from a leaf to a root: RFC 5280 §6, as far as SVIDs use it. The order of the others does not matter, and
 * what is not needed is passed over.
 * @param others  what came with the leaf; trusted only if the way goes on to a root
 * @param roots   of the leaf's own trust domain, and of no other
 * @throws {IdentityError} `no_trusted_signer`, or why the signer that there is cannot be trusted
 */
export function trustedPath(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
  { trustDomain, now }: { trustDomain: TrustDomain; now: Date },
): Path {
  const refusals: Problem[] = []
  const waiting: Path[] = [[leaf]]
  const tried = new Set<Certificate>()
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    for (const signer of [...roots, ...others]) {
      if (tried.has(signer) || !signs(signer, path.at(-1)!)) continue
      const problems = problemsAbove(signer, path, trustDomain, now)
      if (problems.length > 0) {
        refusals.push(...problems)
        continue
      }
      const longer: Path = [...path, signer]
      if (roots.includes(signer)) return longer
      tried.add(signer) // the shortest way to it comes first, and no longer one allows more
      waiting.push(longer)
    }
  }
  throw new IdentityError(refusals[0] ?? noTrustedSigner(leaf, trustDomain))
}

/** RFC 5280 §6.1.3 (a) (1) and (4); the identifiers only tell apart signers of one name. */
function signs(signer: Certificate, signed: Certificate): boolean {
  const { authorityKeyIdentifier: wanted } = signed
  const { subjectKeyIdentifier: own } = signer
  if (signer.subject.der !== signed.issuer.der) return false
  if (wanted !== undefined && own !== undefined && wanted !== own) return false
  return isSignedBy(signed, signer.publicKey)
}

function problemsAbove(signer: Certificate, path: Path, trustDomain: TrustDomain, now: Date): Problem[] {
  const problems = [...signerProblems(signer), ...timeProblems(signer, now)].map(problem => ({
    ...problem,
    problem: `The signing certificate "${signer.subject.text}": ${problem.problem}`,
  }))
  if (problems.length > 0) return problems
  return [...lengthProblems(signer, path), ...domainProblems(signer, path, trustDomain)]
}

/** RFC 5280 §4.2.1.9: how many signers may stand between it and the leaf; one that signs its own new key counts not. */
function lengthProblems({ basicConstraints }: Certificate, [, ...signers]: Path): Problem[] {
  const between = signers.filter(({ issuer, subject }) => issuer.der !== subject.der).length
  const allowed = basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY
  if (between <= allowed) return []
  const problem = `${between} signing certificates follow one that allows ${allowed}`
  return [broken('path_too_long', problem, 'RFC 5280 §4.2.1.9')]
}

/** X509-SVID §3.2 lets a signer higher up be of another trust domain; who signs the leaf speaks for the leaf's. */
function domainProblems(signer: Certificate, path: Path, trustDomain: TrustDomain): Problem[] {
  const id = signerId(signer)
  if (path.length > 1 || !id || id.trustDomain === trustDomain) return []
  return [foreign('The signing certificate of the leaf', id.trustDomain, trustDomain)]
}

function noTrustedSigner({ issuer }: Certificate, trustDomain: TrustDomain): Problem {
  return {
    code: 'no_trusted_signer',
    problem: `Nobody that the bundle of ${trustDomain} trusts has signed it; it names "${issuer.text}" as its issuer`,
    section: 'X509-SVID §5.1',
    hint: 'Let an authority of this trust domain issue it, or fetch the bundle again if the authority is new.',
  }
}
