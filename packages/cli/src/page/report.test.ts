import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parsePage } from './parse-page.ts'
import { formatResult, formatSummary } from './report.ts'
import type { StepResult } from './step.ts'

function failed(mode: string, command: string, expected: string | undefined, output: string): StepResult {
  const shown = expected === undefined ? '' : `\`\`\`\n${expected}\n\`\`\`\n`
  const page = `# A\n\n<!-- run: ${mode} -->\n\`\`\`sh\n${command}\n\`\`\`\n${shown}`
  const [step] = parsePage(page, 'docs/a.md')
  return { step: step!, outcome: 'failed', milliseconds: 12, output, problem: `wrong (mode ${mode})` }
}

function report(result: StepResult, columns = 60): string {
  return stripVTControlCharacters(formatResult(result, columns))
}

describe('a step', () => {
  it.each([
    ['passed', '✓ echo a (12 ms)'],
    ['skipped', '- echo a (skipped: only on docker)'],
    ['not run', '- echo a (not run)'],
  ] as const)('that is %s is one line', (outcome, line) => {
    expect(report({ ...failed('ok, platform docker', 'echo a', undefined, ''), outcome })).toBe(line)
  })

  it('is shown by the first line of its command, as far as there is room', () => {
    const result = failed('ok', 'echo a\necho b', undefined, '')
    expect(report({ ...result, outcome: 'passed' })).toBe('✓ echo a … (12 ms)')
    const long = failed('ok', `echo ${'a'.repeat(100)}`, undefined, '')
    expect(report({ ...long, outcome: 'passed' }, 40)).toBe(`✓ echo ${'a'.repeat(24)}… (12 ms)`)
  })
})

describe('a step that failed', () => {
  it('shows its place, its command and both sides, with what differs marked', () => {
    expect(report(failed('same', 'one\n  two', 'a\nb\nc\nd', 'a\nX\nc\nd\ne\n'))).toBe(`✗ one … (12 ms)
  docs/a.md:4: wrong (mode same)

    one
      two

    expected (line 8)            actual
    a                          │ a
    b                          ≠ X
    c                          │ c
    d                          │ d
                               > e
`)
  })

  it('marks what is missing', () => {
    expect(rows(failed('same', 'x', 'a\nb\nc', 'a\nc'))).toEqual(['a │ a', 'b <', 'c │ c'])
    expect(rows(failed('same', 'x', 'a\nb', ''))).toEqual(['a ≠', 'b <'])
  })

  it.each([
    ['contains', 'b', 'abc\nd', ['b │ abc', '> d']],
    ['lines', 'a …\nb', 'x\na 1\nc', ['> x', 'a … │ a 1', 'b ≠ c']],
    ['matches', '\\d+\n\\d', '12\nx', ['\\d+ │ 12', '\\d ≠ x']],
    [
      'json',
      '{"a":1,"b":[2]}',
      '{"z":0,"b":[3],"a":1}',
      ['{ │ {', '"a": 1, │ "a": 1,', '"b": [ │ "b": [', '2 ≠ 3', '] │ ]', '} │ }'],
    ],
    ['json', '{}', 'oops', ['{} ≠ oops']],
  ])('aligns the lines by the rules of mode %s', (mode, expected, output, lines) => {
    expect(rows(failed(mode, 'x', expected, output))).toEqual(lines)
  })

  it('keeps to the width, and loses nothing of a line that is wider than its column', () => {
    const text = report(failed('same', 'x', 'a'.repeat(60), `${'a'.repeat(59)}b`), 47)
    const lines = text.split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBe(47)
    expect(lines.slice(6, 9)).toEqual([
      `    ${'a'.repeat(20)} ≠ ${'a'.repeat(20)}`,
      `    ${'a'.repeat(20)} ≠ ${'a'.repeat(20)}`,
      `    ${'a'.repeat(20)} ≠ ${'a'.repeat(19)}b`,
    ])
  })

  it('leaves out the middle of many lines that fit', () => {
    const many = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
    expect(rows(failed('same', 'x', `${many}\na`, `${many}\nb`))).toEqual([
      ...['line 0 │ line 0', 'line 1 │ line 1', 'line 2 │ line 2', '│ ⋮ 94 more lines'],
      ...['line 97 │ line 97', 'line 98 │ line 98', 'line 99 │ line 99', 'a ≠ b'],
    ])
  })

  it('is written soon for an output of 5 MB', () => {
    const output = 'another line of output\n'.repeat(220_000)
    expect(rows(failed('contains', 'x', 'never\nprinted', output))).toContain('> ⋮ 219992 more lines')
    const page = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
    expect(rows(failed('lines', 'x', page, output))).toContain('line 99 ≠ another line of output')
    expect(report(failed('same', 'x', 'a', 'b'.repeat(5_000_000))).length).toBeLessThan(5_000)
  })

  it('shows nothing that would move the cursor', () => {
    expect(rows(failed('same', 'x', 'a', '\u001b[31mred\u001b[0m\tb\rc\u0007'))).toEqual([
      'a ≠ red    b\u{fffd}c\u{fffd}',
    ])
  })

  it('shows the end of the output if the page shows none', () => {
    const output = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('')
    const lines = report(failed('ok', 'x', undefined, output))
      .trimEnd()
      .split('\n')
    expect(lines.slice(5)).toEqual(Array.from({ length: 20 }, (_, index) => `    line ${index + 10}`))
  })

  function rows(result: StepResult): string[] {
    const [, table = ''] = report(result).split(/\n {4}expected .*\n/)
    return table
      .trimEnd()
      .split('\n')
      .map(line =>
        line
          .trim()
          .replace(/ *([│≠<>]) */, ' $1 ')
          .trim(),
      )
  }
})

it('a page is summed up by what became of its steps', () => {
  const results = (['passed', 'not run', 'passed', 'skipped', 'failed'] as const).map(outcome => ({
    ...failed('ok', 'x', undefined, ''),
    outcome,
  }))
  expect(formatSummary(results)).toBe('2 passed, 1 failed, 1 skipped, 1 not run')
  expect(formatSummary(results.slice(0, 1))).toBe('1 passed')
})
