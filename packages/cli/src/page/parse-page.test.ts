import { describe, expect, it } from 'vitest'
import { PageError } from './page-error.ts'
import { parsePage } from './parse-page.ts'

describe('a page', () => {
  it('gives its commands, in order, with their places', () => {
    const page = `# Title
Prose, and a file that nobody runs:

\`\`\`yaml
a: 1
\`\`\`

<!-- run: same -->

\`\`\`sh
echo a
echo b
\`\`\`

\`\`\`text
a
b  
\`\`\`

<!-- run: ok, fails 22, within 2m, until, platform docker -->
\`\`\`sh
false
\`\`\`
A sentence, then an example.
\`\`\`json
{}
\`\`\`
`
    expect(parsePage(page, 'docs/a.md')).toEqual([
      {
        ...{ file: 'docs/a.md', line: 10, command: 'echo a\necho b', mode: 'same' },
        ...{ expected: { text: 'a\nb', line: 15 }, status: 0, within: 30_000, until: false, cleanUp: false },
      },
      {
        ...{ file: 'docs/a.md', line: 21, command: 'false', mode: 'ok' },
        ...{ status: 22, within: 120_000, until: true, platform: 'docker', cleanUp: false },
      },
    ])
  })

  it('may hold no command at all', () => expect(parsePage('# Index\n', 'a.md')).toEqual([]))

  it('may show that nothing is printed', () => {
    expect(parsePage(output('same', ''), 'a.md')).toMatchObject([{ expected: { text: '', line: 5 } }])
  })

  it('shows commands that are not run, with the reason', () => {
    expect(
      parsePage('<!-- not run: it takes an hour -->\n```sh\nmake\n```\n```console\nmade\n```', 'a.md'),
    ).toEqual([])
  })

  it('keeps its steps in lists and quotes', () => {
    const steps = parsePage(
      '1. Say:\n\n   <!-- run: same -->\n   ```sh\n   echo a\n   ```\n   ```\n   a\n   ```\n',
      'a.md',
    )
    expect(steps).toMatchObject([{ line: 4, command: 'echo a', expected: { text: 'a', line: 7 } }])
  })

  it.each([
    ['fails', { status: 'not 0' }],
    ['fails 22', { status: 22 }],
    ['within 300ms', { within: 300 }],
    ['within 30s', { within: 30_000 }],
    ['until', { until: true }],
    ['platform native', { platform: 'native' }],
  ])('knows the option "%s"', (option, settings) => {
    expect(parsePage(step(`run: ok, ${option}`), 'a.md')).toMatchObject([settings])
  })

  it('cleans up below that heading and the smaller ones after it', () => {
    const headings = ['# Title', '## Clean up now', '### More', '## Next', '# Cleaning']
    const page = headings.map(heading => `${heading}\n${step('run: ok')}`).join('\n')
    expect(parsePage(page, 'a.md').map(({ cleanUp }) => cleanUp)).toEqual([false, true, true, false, false])
  })
})

describe('a page is refused, with the place, for', () => {
  it.each([
    [
      'a command that is never run',
      'a\n\n```sh\nls\n```',
      3,
      'this command is never run; put <!-- run: ... -->',
    ],
    ['one in another shell language', '```bash\nls\n```', 1, 'never run'],
    ['one with lines marked', '```sh{1}\nls\n```', 1, 'never run'],
    ['one in a list', '- a\n\n  ```sh\n  ls\n  ```', 3, 'never run'],
    ['one whose comment is misspelled', step('runs: ok'), 2, 'never run'],
    ['one that is apart from its comment', '<!-- run: ok -->\nText.\n```sh\nls\n```', 1, 'no command'],
    ['a comment in front of another fence', '<!-- run: ok -->\n```json\n{}\n```', 1, 'no command'],
    ['a comment at the end', 'a\n\n<!-- run: ok -->', 3, 'no command'],
    [
      'an unknown mode',
      step('run: equals'),
      1,
      'no mode "equals"; the modes are same, contains, lines, matches, json, ok',
    ],
    ['no mode', step('run:'), 1, 'no mode ""'],
    [
      'an unknown option',
      step('run: ok, retry 3'),
      1,
      'no option "retry 3"; the options are fails, fails 22, within',
    ],
    ['an option that all objects have', step('run: ok, constructor'), 1, 'no option "constructor"'],
    ['a status that no command has', step('run: ok, fails 256'), 1, 'no option "fails 256"'],
    ['the status 0 for a failure', step('run: ok, fails 0'), 1, 'no option "fails 0"'],
    ['a time without a unit', step('run: ok, within 30'), 1, 'no option "within 30"'],
    ['no time at all', step('run: ok, within 0s'), 1, 'no option "within 0s"'],
    ['another platform', step('run: ok, platform podman'), 1, 'no option "platform podman"'],
    ['no reason not to run it', step('not run:'), 1, 'say why'],
    ['no expected output', `${step('run: same')}Text.\n\`\`\`\na\n\`\`\``, 2, 'needs the expected output'],
    ['an output that ok ignores', output('ok', 'a'), 5, 'mode ok compares no output'],
    ['an empty output', output('contains', ''), 5, 'mode contains would hold here if nothing were printed'],
    ['an output of any lines', output('same', '…'), 5, 'would hold here'],
    ['an output of any lines in order', output('lines', '…\n…'), 5, 'would hold here'],
    ['an expression for any line', output('matches', '.*'), 5, 'would hold here'],
    ['JSON that is none', output('json', '{a}'), 5, 'JSON'],
    ['a regular expression that is none', output('matches', 'a('), 5, 'regular expression'],
    ['a console that nobody printed', 'a\n\n```console\n$ ls\n```', 3, 'no command printed this'],
    ['a fence without an end', `a\n\n\`\`\`yaml\n${step('run: ok').replace(/`+\n$/, '')}`, 3, 'has no end'],
  ])('%s', (_, page, line, message) => {
    const error = errorOf(() => parsePage(page, 'docs/a.md'))
    expect(error).toBeInstanceOf(PageError)
    expect(error).toMatchObject({ file: 'docs/a.md', line })
    expect(error.message).toContain(`docs/a.md:${line}: `)
    expect(error.message).toContain(message)
  })
})

function step(comment: string): string {
  return `<!-- ${comment} -->\n\`\`\`sh\nls\n\`\`\`\n`
}

function output(mode: string, text: string): string {
  return `${step(`run: ${mode}`)}\`\`\`\n${text}\n\`\`\`\n`
}

function errorOf(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
