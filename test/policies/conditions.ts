/** The part that we read of what `opa parse --format json --json-include locations` prints. */
interface Rule {
  body: Condition[]
  else?: Rule
}

interface Condition {
  terms: unknown
  location: Place
}

interface Place {
  row: number
  col: number
  /** In base64. */
  text: string
}

/** A policy in which one condition is always true. */
export interface Mutant {
  /** Where, and what is missing: `14: caller_allowed`. */
  name: string
  text: string
}

/**
 * A policy without any one of its conditions: one mutant for each.
 * @param text    the policy
 * @param parsed  the same, as OPA's parser sees it
 */
export function withoutEachCondition(text: string, parsed: { rules: Rule[] }): Mutant[] {
  return parsed.rules.flatMap(conditionsOf).map(({ location }) => without(text, location))
}

/** A rule without any has one condition for the parser: true. */
function conditionsOf({ body, else: other }: Rule): Condition[] {
  const conditions = body.filter(({ terms }) => (terms as { value?: unknown }).value !== true)
  return other ? [...conditions, ...conditionsOf(other)] : conditions
}

function without(text: string, { row, col, text: encoded }: Place): Mutant {
  const condition = Buffer.from(encoded, 'base64').toString()
  const lines = text.split('\n')
  const start = lines.slice(0, row - 1).join('\n').length + (row > 1 ? 1 : 0) + col - 1
  const end = start + condition.length
  if (text.slice(start, end) !== condition) throw new Error(`line ${row} has no ${condition}`)
  return { name: `${row}: ${condition}`, text: `${text.slice(0, start)}true${text.slice(end)}` }
}
