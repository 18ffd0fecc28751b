import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from '../root.ts'
import { servicesTag } from './services-tag.ts'

test('the tag of the services’ image changes with what is in it, and with nothing else', () => {
  const copy = mkdtempSync(join(tmpdir(), 'hardway-tag-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  const parts = [
    'deploy',
    'packages/identity',
    'services',
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
  ]
  const filter = (path: string) => !path.endsWith('node_modules')
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true, filter })
  const tag = servicesTag(copy)
  expect(tag).toBe(servicesTag(root))

  writeFileSync(join(copy, 'services/add/src/add.test.ts'), '')
  expect(servicesTag(copy)).toBe(tag)
  writeFileSync(join(copy, 'services/add/src/add.ts'), '')
  expect(servicesTag(copy)).not.toBe(tag)
})
