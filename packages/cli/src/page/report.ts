import { stripVTControlCharacters, styleText } from 'node:util'
import { diffArrays } from 'diff'
import { comparison, tidy } from './compare.ts'
import type { Step, StepResult } from './step.ts'

/** `=` both sides have the line, `≠` they differ, `<` only the page has it, `>` only the output has it. */
interface Row {
  mark: '=' | '≠' | '<' | '>'
  expected: string
  actual: string
}

const signs = {
  passed: styleText('green', '✓'),
  failed: styleText('red', '✗'),
  skipped: '-',
  'not run': '-',
}

/**
 * What became of a step: one line and, if it failed, the place, the command, and both outputs side by side.
 * @param columns  the width to keep to
 */
export function formatResult(result: StepResult, columns = process.stdout.columns ?? 110): string {
  const { step, outcome, milliseconds } = result
  const more = {
    passed: `${milliseconds} ms`,
    failed: `${milliseconds} ms`,
    skipped: `skipped: only on ${step.platform}`,
    'not run': 'not run',
  }[outcome]
  const [first = '', ...others] = step.command.split('\n')
  const command = cut(others.length > 0 ? `${first} …` : first, columns - more.length - 5)
  const line = `${signs[outcome]} ${command} ${styleText('dim', `(${more})`)}`
  return outcome === 'failed' ? `${line}\n${details(result, columns)}` : line
}

/** How many steps passed, failed, were skipped and were not run; what there is none of is not said. */
export function formatSummary(results: StepResult[]): string {
  const outcomes = ['passed', 'failed', 'skipped', 'not run'] as const
  return outcomes
    .map(outcome => ({ outcome, count: results.filter(result => result.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`)
    .join(', ')
}

function details({ step, output, problem }: StepResult, columns: number): string {
  const place = `${step.file}:${step.line}`
  const command = step.command.split('\n').map(line => `    ${line}`)
  const found = step.expected ? sideBySide(step, output, columns) : tail(output)
  return [`  ${place}: ${styleText('red', problem ?? '')}`, '', ...command, '', ...found, ''].join('\n')
}

/** The end of an output that is compared with nothing. */
function tail(output: string): string[] {
  const lines = tidy(output).split('\n')
  return lines.slice(-20).map(line => `    ${plain(line)}`)
}

function sideBySide({ mode, expected }: Step, output: string, columns: number): string[] {
  const { fits, shown = (...texts) => texts } = comparison(mode)
  const { text, line } = expected!
  const [page, actual] = shown(text, tidy(output))
  const width = Math.max(10, Math.floor((columns - 7) / 2))
  const heading = `    ${`expected (line ${line})`.padEnd(width)}   actual`
  const rows = collapse(align(page.split('\n'), actual.split('\n'), fits))
  return [styleText('dim', heading.trimEnd()), ...rows.flatMap(row => format(row, width))]
}

/** Both sides line by line: next to each other stand those that fit, and what came in place of what. */
function align(
  expected: string[],
  actual: string[],
  fits: (expected: string, actual: string) => boolean,
): Row[] {
  // The best alignment of a short page and a very long output takes half a minute, and helps nobody.
  const changes = diffArrays(expected, actual, { comparator: fits, maxEditLength: 2_000 }) ?? [
    { removed: true, added: false, count: expected.length },
    { removed: false, added: true, count: actual.length },
  ]
  const rows: Row[] = []
  let [left, right] = [0, 0]
  let open = 0 // the row of this gap whose right side is still free
  for (const { removed, added, count } of changes) {
    for (let n = 0; n < count; n++) {
      const row = rows[open]
      if (removed) rows.push({ mark: '<', expected: expected[left++]!, actual: '' })
      else if (added && row) Object.assign(row, { mark: '≠', actual: actual[right++]! })
      else if (added) rows.push({ mark: '>', expected: '', actual: actual[right++]! })
      else rows.push({ mark: '=', expected: expected[left++]!, actual: actual[right++]! })
      if (!removed) open = added && row ? open + 1 : rows.length
    }
  }
  return rows
}

/** Shortens long runs of lines that nobody needs to see: those that fit, and those that only the output has. */
function collapse(rows: Row[]): Row[] {
  const short: Row[] = []
  for (let start = 0, end = 0; start < rows.length; start = end) {
    const { mark } = rows[start]!
    while (end < rows.length && rows[end]!.mark === mark) end++
    const run = rows.slice(start, end)
    const isLong = run.length > 8 && (mark === '=' || mark === '>')
    const hidden: Row = { mark, expected: '', actual: `⋮ ${run.length - 6} more lines` }
    short.push(...(isLong ? [...run.slice(0, 3), hidden, ...run.slice(-3)] : run))
  }
  return short
}

/** A row as lines of the terminal: what is wider than its column goes on below. */
function format({ mark, expected, actual }: Row, width: number): string[] {
  const [left, right] = [wrap(expected, width), wrap(actual, width)]
  const middle = mark === '=' ? styleText('dim', '│') : styleText('red', mark)
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    `    ${(left[index] ?? '').padEnd(width)} ${middle} ${right[index] ?? ''}`.trimEnd(),
  )
}

function wrap(line: string, width: number): string[] {
  return cut(plain(line), 20 * width).match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']
}

/** A line without what would move the cursor. */
function plain(line: string): string {
  return stripVTControlCharacters(line)
    .replaceAll('\t', '    ')
    .replace(/\p{Cc}/gu, '\u{fffd}')
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
