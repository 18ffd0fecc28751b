import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'

const folder = dirname(import.meta.dirname)
const readme = readFileSync(`${folder}/README.md`, 'utf8')
const fence = (language: string) => readme.split(`\`\`\`${language}\n`)[1]!.split('```')[0]!

test('the example of the README prints what the README says', () => {
  const args = ['--input-type=module-typescript', '--eval', fence('ts')]
  expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe(fence('text'))
})
