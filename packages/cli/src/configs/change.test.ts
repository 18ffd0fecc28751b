import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apply, changes, patch } from './change.ts'

const wanted = new Map([
  ['gen/same.ts', 'same\n'],
  ['gen/new.ts', 'new\n'],
  ['page.md', 'one\ntwo\n'],
])

test('finds what is changed, missing and stale, and nothing else', () => {
  const root = project({ 'gen/same.ts': 'same\n', 'gen/old.ts': 'old\n', 'page.md': 'one\n', 'other.md': '' })
  expect(changes(root, wanted, ['gen'])).toEqual([
    { path: 'gen/new.ts', before: undefined, after: 'new\n' },
    { path: 'gen/old.ts', before: 'old\n', after: undefined },
    { path: 'page.md', before: 'one\n', after: 'one\ntwo\n' },
  ])
})

test('finds nothing any more once the changes are made', () => {
  const root = project({ 'gen/old.ts': 'old\n', 'other.md': 'by hand\n' })
  for (const change of changes(root, wanted, ['gen'])) apply(root, change)
  expect(changes(root, wanted, ['gen'])).toEqual([])
  expect(existsSync(join(root, 'gen/old.ts'))).toBe(false)
  expect(readFileSync(join(root, 'other.md'), 'utf8')).toBe('by hand\n')
})

test('shows a change as a unified diff', () => {
  expect(patch({ path: 'page.md', before: 'one\n', after: 'one\ntwo\n' })).toBe(
    '--- page.md\n+++ page.md\n@@ -1,1 +1,2 @@\n one\n+two\n',
  )
  expect(patch({ path: 'gen/old.ts', before: 'old\n', after: undefined })).toContain('+++ /dev/null\n')
})

function project(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'hardway-configs-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'gen'))
  for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content)
  return root
}
