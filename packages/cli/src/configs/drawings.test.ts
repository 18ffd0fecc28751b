import { expect, test } from 'vitest'
import { withDrawings } from './drawings.ts'

const mesh = { monolith: { serves: 'http' as const }, workloads: { add: { serves: 'grpc' as const } } }

const page = (between: string, marker = 'pods') => `# Title

Text, **as it is**.  
<!-- drawing: ${marker} -->
${between}<!-- /drawing -->

* the end`

const monolith = '```mermaid\nflowchart LR\n  curl([curl])\n  curl -- "HTTP :8080" --> monolith\n```\n'

test('draws between the markers and leaves the rest as it is', () => {
  expect(withDrawings(page(''), 'docs/01-monolith.md', mesh)).toBe(page(monolith))
  expect(withDrawings(page('```mermaid\nold\n```\n'), 'docs/01-monolith.md', mesh)).toBe(page(monolith))
  expect(withDrawings(page(monolith), 'docs/01-monolith.md', mesh)).toBe(page(monolith))
})

test('draws the chapter that the comment names', () => {
  const marker = 'pods 01-monolith'
  expect(withDrawings(page('', marker), 'docs/02-services.md', mesh)).toBe(page(monolith, marker))
})

test('draws twice in a page', () => {
  const twice = `${page('')}\n\n${page('')}`
  expect(withDrawings(twice, 'docs/01-monolith.md', mesh)).toBe(`${page(monolith)}\n\n${page(monolith)}`)
})

test('a page without markers, or with markers in a code block only, stays as it is', () => {
  const quoted = `\`\`\`\`markdown\n${page('')}\n\`\`\`\`\n`
  expect(withDrawings(quoted, 'docs/01-monolith.md', mesh)).toBe(quoted)
})

test.each([
  ['an end that is missing', '# A\n\n<!-- drawing: pods -->\n', 'docs/01-monolith.md:3'],
  ['a beginning that is missing', '# A\n\n<!-- /drawing -->\n', 'docs/01-monolith.md:3'],
  ['a drawing that nobody knows', page('', 'cats'), 'docs/01-monolith.md:4'],
  ['a chapter that nobody knows', page('', 'pods 99-moon'), 'docs/01-monolith.md:4'],
])('says where there is %s', (_, text, place) => {
  expect(() => withDrawings(text, 'docs/01-monolith.md', mesh)).toThrow(`${place}: `)
})
