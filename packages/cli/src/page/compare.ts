import { isPartOf, pair, parsed } from './json-part.ts'

/** One way to compare what a page shows with what a command printed; both are tidy. */
interface Comparison {
  /** @throws SyntaxError if what the page shows makes no sense in this mode */
  holds(expected: string, actual: string): boolean
  /** Whether one line of the output fits one line of the page: the report aligns and marks lines by it. */
  fits(expected: string, actual: string): boolean
  /** Both texts as the report shows them; as they are if left out. */
  shown?(expected: string, actual: string): [expected: string, actual: string]
}

/** The modes, by the word that a page says. */
export const comparisons = {
  same: { holds: same, fits: sameLine },
  contains: { holds: contains, fits: contains },
  lines: { holds: lines, fits: sameLine },
  matches: { holds: matches, fits: (expected, actual) => wholeLine(expected).test(actual) },
  json: {
    holds: (expected, actual) => isPartOf(JSON.parse(expected), parsed(actual)),
    fits: (expected, actual) => expected === actual,
    shown: pair,
  },
  ok: { holds: () => true, fits: () => true },
} satisfies Record<string, Comparison>

export type Mode = keyof typeof comparisons

export function comparison(mode: Mode): Comparison {
  return comparisons[mode]
}

/** A text as it is compared: white space at the end of a line, and empty lines at the end, are nothing to see. */
export function tidy(text: string): string {
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trimEnd()
}

function same(expected: string, actual: string): boolean {
  return new RegExp(`^${pattern(expected)}$`).test(`${actual}\n`)
}

function sameLine(expected: string, actual: string): boolean {
  return new RegExp(`^${linePattern(expected)}$`).test(actual)
}

function contains(expected: string, actual: string): boolean {
  // The last line may go on in the output.
  return new RegExp(pattern(expected).replace(/\n$/, '')).test(`${actual}\n`)
}

function lines(expected: string, actual: string): boolean {
  const wanted = expected.split('\n').filter(line => !isAnyLines(line))
  let found = 0
  for (const line of actual.split('\n')) {
    if (found < wanted.length && sameLine(wanted[found]!, line)) found++
  }
  return found === wanted.length
}

function matches(expected: string, actual: string): boolean {
  const wanted = expected.split('\n').map(wholeLine)
  const found = actual.split('\n')
  return found.some((_, start) =>
    wanted.every((expression, index) => {
      const line = found[start + index]
      return line !== undefined && expression.test(line)
    }),
  )
}

function wholeLine(source: string): RegExp {
  return new RegExp(`^(?:${source})$`)
}

/** The source of a regular expression for whole lines, each with its line end. */
function pattern(text: string): string {
  return text
    .split('\n')
    .map(line => (isAnyLines(line) ? '(?:.*\n)*' : `${linePattern(line)}\n`))
    .join('')
}

/** `…` stands for any text within the line. */
function linePattern(line: string): string {
  return line.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('…', '.*')
}

/** `…` alone on a line stands for any lines, or none. */
function isAnyLines(line: string): boolean {
  return line.trim() === '…'
}
