import { IdentityError } from './error.ts'
import { parseTrustDomain, type TrustDomain } from './trust-domain.ts'

declare const parsed: unique symbol

/** Who somebody is: `spiffe://hardway.test/add`. Only {@link parseSpiffeId} and {@link spiffeId} make one. */
export interface SpiffeId {
  readonly trustDomain: TrustDomain
  /** Empty, or with a leading `/`. */
  readonly path: string
  readonly [parsed]: 'SpiffeId'
}

const scheme = 'spiffe://'
const longest = 2048

/**
 * Reads a SPIFFE ID. `URL` would fold case and resolve `..`: two texts could then be one identity. Here one identity
 * has one text, so {@link renderSpiffeId} gives back exactly what was read.
 * @throws {IdentityError} `bad_spiffe_id` or `bad_trust_domain`, after SPIFFE-ID §2
 * @example parseSpiffeId('spiffe://hardway.test/add').path // '/add'
 */
export function parseSpiffeId(text: string): SpiffeId {
  if (typeof text !== 'string') throw bad('A SPIFFE ID is a text', '2')
  if (text.length > longest)
    throw bad(`A SPIFFE ID of ${text.length} characters; at most 2,048 bytes fit`, '2.3')
  if (!text.startsWith(scheme)) throw bad(`${quoted(text)} does not begin with ${scheme}`, '2')
  const end = text.indexOf('/', scheme.length)
  const name = end < 0 ? text.slice(scheme.length) : text.slice(scheme.length, end)
  return checked(parseTrustDomain(name), end < 0 ? '' : text.slice(end))
}

/**
 * Puts a SPIFFE ID together.
 * @param path  empty, or segments with a `/` before each
 * @throws {IdentityError} `bad_spiffe_id`
 * @example spiffeId(parseTrustDomain('hardway.test'), '/client/alice')
 */
export function spiffeId(trustDomain: TrustDomain, path: string): SpiffeId {
  const length = scheme.length + trustDomain.length + path.length
  if (length > longest) throw bad(`A SPIFFE ID of ${length} characters; at most 2,048 bytes fit`, '2.3')
  return checked(trustDomain, path)
}

/** The one text of an ID. */
export function renderSpiffeId({ trustDomain, path }: SpiffeId): string {
  return `${scheme}${trustDomain}${path}`
}

/** IDs are compared whole: `/add` is not `/adder`. */
export function sameSpiffeId(a: SpiffeId, b: SpiffeId): boolean {
  return a.trustDomain === b.trustDomain && a.path === b.path
}

/** Whether an ID belongs to a trust domain: the names are equal, whole. */
export function isMember(id: SpiffeId, trustDomain: TrustDomain): boolean {
  return id.trustDomain === trustDomain
}

function checked(trustDomain: TrustDomain, path: string): SpiffeId {
  if (path !== '') requirePath(path)
  return { trustDomain, path } as SpiffeId
}

function requirePath(path: string): void {
  const [before, ...segments] = path.split('/')
  if (before !== '') throw bad(`The path ${quoted(path)} does not begin with "/"`, '2.2')
  for (const segment of segments) {
    if (segment === '') throw bad(`${quoted(path)} has an empty segment or ends with "/"`, '2.2')
    if (segment === '.' || segment === '..') throw bad(`${quoted(path)} has the segment "${segment}"`, '2.2')
    const wrong = /[^a-zA-Z0-9._-]/.exec(segment)
    if (wrong) throw bad(`${quoted(path)} has ${JSON.stringify(wrong[0])}, which no path may hold`, '2.2')
  }
}

/** Control characters are shown escaped: they must not reach a terminal or a log as they are. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

function bad(problem: string, section: string): IdentityError {
  const hint =
    'Write spiffe://TRUST-DOMAIN/PATH; segments of a-z, A-Z, 0-9, ".", "-", "_"; no query, fragment or "%".'
  return new IdentityError({ code: 'bad_spiffe_id', problem, section: `SPIFFE-ID §${section}`, hint })
}
