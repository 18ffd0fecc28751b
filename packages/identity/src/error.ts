/** Everything that can be wrong with an identity document, and with what is asked of an authority. */
export type IdentityErrorCode =
  // names
  | 'bad_trust_domain'
  | 'bad_spiffe_id'
  | 'foreign_trust_domain'
  // certificates, one by one
  | 'bad_certificate'
  | 'wrong_uri_san'
  | 'wrong_basic_constraints'
  | 'wrong_key_usage'
  | 'wrong_extended_key_usage'
  | 'wrong_subject_alternative_name'
  | 'unknown_critical_extension'
  | 'weak_cryptography'
  // certificates in a chain
  | 'no_trusted_signer'
  | 'path_too_long'
  | 'name_constraints'
  // tokens
  | 'bad_token'
  | 'wrong_header'
  | 'wrong_algorithm'
  | 'wrong_key_id'
  | 'wrong_subject'
  | 'wrong_audience'
  | 'wrong_expiry'
  | 'wrong_signature'
  // time
  | 'not_yet_valid'
  | 'expired'
  // bundles
  | 'bad_bundle'
  | 'bad_bundle_key'
  | 'no_bundle'
  // what an authority is asked
  | 'bad_key'
  | 'bad_lifetime'
  | 'bad_randomness'

/** A rule that something breaks: what is wrong, which section says so, and what to do. */
export interface Problem {
  code: IdentityErrorCode
  problem: string
  /** Of the standard, such as `X509-SVID §4.3`. */
  section: string
  hint: string
}

/** Thrown for whatever is not as the standards ask. */
export class IdentityError extends Error implements Problem {
  override name = 'IdentityError'
  code: IdentityErrorCode
  problem: string
  section: string
  hint: string

  constructor({ code, problem, section, hint }: Problem) {
    super(`${problem} (${section})\n  ${hint}`)
    this.code = code
    this.problem = problem
    this.section = section
    this.hint = hint
  }
}

/** @throws {IdentityError} the first of the problems, if there is one */
export function throwFirst([first]: readonly Problem[]): void {
  if (first) throw new IdentityError(first)
}

/** For input that never reached this package's own words: a foreign error becomes one of ours. */
export function orThrow<T>(act: () => T, problem: Problem): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof IdentityError) throw error
    throw new IdentityError(problem)
  }
}
