import { IdentityError } from '../error.ts'
import { type ReadKey, readKey } from './read-key.ts'

/** What a bundle document says; whose it is, it does not say. */
export interface BundleDocument {
  keys: readonly ReadKey[]
  sequence?: bigint
  /** In seconds. */
  refreshHint?: number
}

/** @throws {IdentityError} `bad_bundle` if it is no bundle at all; of a single bad key only a finding tells */
export function readBundleDocument(text: string): BundleDocument {
  const { keys, spiffe_sequence: sequence, spiffe_refresh_hint: refreshHint } = parseDocument(text)
  if (!Array.isArray(keys)) throw bad('It has no array "keys"', '4.1.3')
  const read = keys.map(readKey)
  const keyIds = read.flatMap(({ jwtKey }) => jwtKey?.keyId ?? [])
  const twice = keyIds.find((keyId, index) => keyIds.indexOf(keyId) !== index)
  if (twice !== undefined) throw bad(`Two keys have the kid ${JSON.stringify(twice)}`, '4.1.3')
  return {
    keys: read,
    ...(sequence !== undefined && { sequence: wholeNumber(sequence, 'spiffe_sequence', '4.1.1') }),
    ...(refreshHint !== undefined && { refreshHint: seconds(refreshHint) }),
  }
}

/** JSON numbers have no limit, and a sequence number at least 64 bits (§4.1.1): so it is read from its digits. */
function parseDocument(text: string): Record<string, unknown> {
  const exact = (key: string, value: unknown, ...[context]: { source?: string }[]) =>
    key.startsWith('spiffe_') && /^\d+$/.test(context?.source ?? '') ? BigInt(context!.source!) : value
  let document: unknown
  try {
    document = JSON.parse(text, exact)
  } catch {
    throw bad('It is not JSON', '4')
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    return document as Record<string, unknown>
  }
  throw bad('It is not a JSON object', '4')
}

function wholeNumber(value: unknown, name: string, section: string): bigint {
  if (typeof value === 'bigint') return value
  throw bad(`"${name}" is no whole number`, section)
}

function seconds(value: unknown): number {
  const hint = Number(wholeNumber(value, 'spiffe_refresh_hint', '4.1.2'))
  if (Number.isSafeInteger(hint)) return hint
  throw bad('"spiffe_refresh_hint" is longer than any life', '4.1.2')
}

function bad(problem: string, section: string): IdentityError {
  return new IdentityError({
    code: 'bad_bundle',
    problem,
    section: `SPIFFE_Trust_Domain_and_Bundle §${section}`,
    hint: 'A bundle is a JSON object with "keys", and with "spiffe_sequence" and "spiffe_refresh_hint" as whole numbers.',
  })
}
