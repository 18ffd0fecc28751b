import type { Problem } from '../error.ts'
import { type Algorithm, algorithmNames, isAlgorithm } from './algorithm.ts'
import { tokenProblem } from './token-error.ts'

/** A header without problems. */
export interface JwtSvidHeader {
  alg: Algorithm
  kid: string
  typ?: 'JWT' | 'JOSE'
}

/** Every rule of JWT-SVID §2 that a header breaks. */
export function headerProblems(header: Record<string, unknown>): Problem[] {
  const { alg, kid, typ, ...others } = header
  const problems: Problem[] = []
  if (!isAlgorithm(alg)) {
    const problem = `Its alg is ${shown(alg)}; allowed are ${algorithmNames.join(', ')}`
    problems.push(tokenProblem('wrong_algorithm', problem, 'JWT-SVID §2.1'))
  }
  // Optional in the standard, required here: no key is tried that was not named.
  if (typeof kid !== 'string' || kid === '') {
    problems.push(
      tokenProblem('wrong_key_id', 'Its header has no kid, and it is required here', 'JWT-SVID §2.2'),
    )
  }
  if ('typ' in header && typ !== 'JWT' && typ !== 'JOSE') {
    problems.push(tokenProblem('wrong_header', `Its typ is ${shown(typ)}, not JWT or JOSE`, 'JWT-SVID §2.3'))
  }
  for (const name of Object.keys(others)) {
    const problem = `Its header has ${shown(name)}, which no JWT-SVID may have`
    problems.push(tokenProblem('wrong_header', problem, 'JWT-SVID §2'))
  }
  return problems
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
