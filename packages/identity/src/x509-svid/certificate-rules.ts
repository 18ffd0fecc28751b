import type { IdentityErrorCode, Problem } from '../error.ts'
import { isStrong } from '../strong-key.ts'
import type { Certificate } from '../x509/certificate.ts'
import { extensionIds } from '../x509/extensions.ts'
import { signatureAlgorithmName } from '../x509/signature.ts'

/** What is understood here, and may therefore be critical (RFC 5280 §4.2). */
const understood: ReadonlySet<string> = new Set(Object.values(extensionIds))

/** What every certificate of a chain must keep, leaf or signer, for RFC 5280 and X509-SVID §4.3. */
export function certificateProblems(certificate: Certificate): Problem[] {
  return [...formProblems(certificate), ...extensionProblems(certificate), ...strengthProblems(certificate)]
}

function formProblems({ version, serial, signatureAlgorithm, notBefore, notAfter }: Certificate): Problem[] {
  const problems: Problem[] = []
  const add = (problem: string, section: string) => problems.push(broken('bad_certificate', problem, section))
  if (version !== 3)
    add(`It is of version ${version}, and only version 3 has extensions`, 'RFC 5280 §4.1.2.1')
  if (/^(00)*$|^[89a-f]/.test(serial)) add('Its serial number is not positive', 'RFC 5280 §4.1.2.2')
  if (serial.length > 40) add('Its serial number is longer than 20 bytes', 'RFC 5280 §4.1.2.2')
  if (signatureAlgorithm.inside !== signatureAlgorithm.outside) {
    add('It names two different signature algorithms', 'RFC 5280 §4.1.1.2')
  }
  if (notBefore > notAfter) add('It ends before it begins', 'RFC 5280 §4.1.2.5')
  return problems
}

function extensionProblems({ extensions, keyUsage }: Certificate): Problem[] {
  const problems: Problem[] = []
  const ids = extensions.map(({ id }) => id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    problems.push(broken('bad_certificate', `The extension ${id} stands there twice`, 'RFC 5280 §4.2'))
  }
  for (const { id } of extensions.filter(({ id, critical }) => critical && !understood.has(id))) {
    const problem = `The extension ${id} is critical, and unknown here`
    problems.push(broken('unknown_critical_extension', problem, 'RFC 5280 §4.2'))
  }
  const usage = extensions.find(({ id }) => id === extensionIds.keyUsage)
  if (!keyUsage) problems.push(broken('wrong_key_usage', 'It has no keyUsage', 'X509-SVID §4.3'))
  else if (!usage!.critical)
    problems.push(broken('wrong_key_usage', 'Its keyUsage is not critical', 'X509-SVID §4.3'))
  return problems
}

function strengthProblems({ publicKey, signatureAlgorithm }: Certificate): Problem[] {
  const problems: Problem[] = []
  const add = (problem: string) => problems.push(broken('weak_cryptography', problem, 'RFC 5280 §4.1.1.2'))
  if (!isStrong(publicKey)) add(`Its ${publicKey.asymmetricKeyType} key is too weak, or of an unknown kind`)
  if (!signatureAlgorithmName(signatureAlgorithm.id)) {
    add(`It is signed with ${signatureAlgorithm.id}, which is too weak or unknown here`)
  }
  return problems
}

/** A certificate cannot be repaired, so what to do is always the same. */
export function broken(code: IdentityErrorCode, problem: string, section: string): Problem {
  return { code, problem, section, hint: 'Let its authority issue it again, as the standard asks.' }
}
