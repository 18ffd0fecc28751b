import type { Problem } from '../error.ts'
import type { Certificate } from '../x509/certificate.ts'

/** RFC 5280 §4.1.2.5: both ends count as well. */
export function timeProblems(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  now: Date,
): Problem[] {
  const section = 'RFC 5280 §4.1.2.5'
  if (now < notBefore) {
    const problem = `It is valid from ${notBefore.toISOString()} on, and it is ${now.toISOString()}`
    return [{ code: 'not_yet_valid', problem, section, hint: 'Compare the clocks of both machines.' }]
  }
  if (now <= notAfter) return []
  const problem = `It was valid until ${notAfter.toISOString()}, and it is ${now.toISOString()}`
  return [{ code: 'expired', problem, section, hint: 'Issue a new one; renew at half of the life.' }]
}
