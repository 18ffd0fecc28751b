import { IdentityError, type IdentityErrorCode, type Problem } from '../error.ts'

/** A token is never part of a message: whoever reads it could use it. */
export function tokenProblem(code: IdentityErrorCode, problem: string, section: string): Problem {
  return { code, problem, section, hint: 'Ask the trust domain of the subject for a new token.' }
}

export function tokenError(code: IdentityErrorCode, problem: string, section: string): IdentityError {
  return new IdentityError(tokenProblem(code, problem, section))
}
