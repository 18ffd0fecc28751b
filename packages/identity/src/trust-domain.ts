import { IdentityError, type Problem } from './error.ts'

declare const parsed: unique symbol

/** The name of a trust domain, such as `hardway.test`. Only {@link parseTrustDomain} makes one. */
export type TrustDomain = string & { readonly [parsed]: 'TrustDomain' }

/**
 * Reads the name of a trust domain. Upper case is refused, not folded, so that equal names are equal strings.
 * @param name  such as `hardway.test`, without a scheme
 * @throws {IdentityError} `bad_trust_domain`, after SPIFFE-ID §2.1 and §2.3
 * @example parseTrustDomain('hardway.test')
 */
export function parseTrustDomain(name: string): TrustDomain {
  if (typeof name !== 'string' || name === '') throw bad('A trust domain has no name', '2.1')
  // Counted before it is looked at, so that a long input costs nothing. All that is allowed is one byte a character.
  if (name.length > 255)
    throw bad(`A trust domain of ${name.length} characters; at most 255 bytes fit`, '2.3')
  const wrong = /[^a-z0-9._-]/.exec(name)
  if (wrong) throw bad(`"${name}" is no trust domain: ${JSON.stringify(wrong[0])} is not allowed`, '2.1')
  return name as TrustDomain
}

function bad(problem: string, section: string): IdentityError {
  const hint = 'Write 1 to 255 of a-z, 0-9, ".", "-" and "_", with no port, user or capital letter.'
  return new IdentityError({ code: 'bad_trust_domain', problem, section: `SPIFFE-ID §${section}`, hint })
}

/** The problem of something that belongs to another trust domain than it should. */
export function foreign(what: string, found: TrustDomain, expected: TrustDomain): Problem {
  return {
    code: 'foreign_trust_domain',
    problem: `${what} belongs to the trust domain ${found}, not to ${expected}`,
    section: 'SPIFFE-ID §3.1',
    hint: `Only an authority of ${found} speaks for ${found}.`,
  }
}
