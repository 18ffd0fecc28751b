import { type Decimal, DecimalError, parseDecimal } from '@hardway/api'
import { ProblemError, quote } from './problem.ts'

/**
 * Takes exactly these fields, each a text, out of a query or a body.
 * @param place  what the source is called in a sentence
 * @throws ProblemError `invalid-request`: a field that is missing, repeated, unknown or no text
 */
export function readFields<Name extends string>(
  source: unknown,
  names: readonly Name[],
  place: string,
): Record<Name, string> {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    throw new ProblemError('invalid-request', `The ${place} must be a JSON object with ${list(names)}.`)
  }
  const fields = source as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    if (names.includes(name as Name)) continue
    throw new ProblemError(
      'invalid-request',
      `The ${place} has an unknown field ${quote(name)}; it takes ${list(names)}.`,
    )
  }
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string') continue
    if (value === undefined) {
      throw new ProblemError('invalid-request', `The ${place} lacks ${name}; it takes ${list(names)}.`)
    }
    if (Array.isArray(value) && place === 'query') {
      throw new ProblemError('invalid-request', `The ${place} has ${name} more than once.`)
    }
    throw new ProblemError('invalid-request', `In the ${place}, ${name} must be a text.`)
  }
  return fields as Record<Name, string>
}

const list = (names: readonly string[]) => names.join(' and ')

/**
 * Takes exactly these fields out of a request's query.
 * @throws ProblemError `invalid-request`
 */
export function readQuery<Name extends string>(
  { url, query }: { url: string; query: unknown },
  names: readonly Name[],
): Record<Name, string> {
  try {
    if (url.includes('%')) decodeURIComponent(url) // the parser leaves what it cannot decode as it is
  } catch {
    throw new ProblemError('invalid-request', 'The query is not valid percent-encoded UTF-8.')
  }
  return readFields(query, names, 'query')
}

/**
 * Reads an operand.
 * @throws ProblemError `invalid-operand`
 */
export function readOperand(name: string, text: string): Decimal {
  try {
    return parseDecimal(text)
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error
    throw new ProblemError('invalid-operand', `The operand ${name} ${error.message}.`)
  }
}
