import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../harness/definition.ts'
import { tool } from '../harness/tool.ts'
import { withoutEachCondition } from './conditions.ts'

const opa = await tool('opa')
const chapters = readdirSync(join(root, 'opa'))

test('there are policies to judge', () => {
  expect(chapters).toContain('06-opa')
})

describe.each(chapters)('opa/%s', async chapter => {
  const folder = join(root, 'opa', chapter)

  test('is formatted as OPA does it', async () => {
    expect(await opa('fmt', '--diff', '--fail', folder)).toEqual({ exitCode: 0, output: '' })
  })

  test('is strict', async () => {
    expect(await opa('check', '--strict', folder)).toEqual({ exitCode: 0, output: '' })
  })

  test('is tested, every line of it', async () => {
    const { exitCode, output } = await opa('test', '--coverage', '--threshold', '100', folder)
    const { coverage, files } = JSON.parse(output)
    const untested = Object.entries(files as Record<string, { not_covered?: object[] }>).flatMap(
      ([file, { not_covered = [] }]) => (not_covered.length > 0 ? [file] : []),
    )
    expect({ exitCode, coverage, untested }).toEqual({ exitCode: 0, coverage: 100, untested: [] })
  })

  const policies = readdirSync(folder).filter(file => /(?<!_test)\.rego$/.test(file))
  const mutants = await Promise.all(policies.map(async file => ({ file, mutants: await mutantsOf(file) })))

  describe.each(mutants)('$file', ({ file, mutants }) => {
    test.concurrent.for(mutants)(
      'has a test that fails without $name',
      async ({ text }, { onTestFinished }) => {
        const copy = mkdtempSync(join(tmpdir(), 'mesh-policy-'))
        onTestFinished(() => rmSync(copy, { recursive: true }))
        cpSync(folder, copy, { recursive: true })
        writeFileSync(join(copy, file), text)
        expect(await opa('check', copy)).toEqual({ exitCode: 0, output: '' })
        expect(await opa('test', copy)).toMatchObject({
          exitCode: 1,
          output: expect.stringMatching(/^(FAIL|ERROR): [1-9]\d*\/\d+$/m), // an error: two answers at once
        })
      },
    )
  })

  async function mutantsOf(file: string) {
    const text = readFileSync(join(folder, file), 'utf8')
    const { output } = await opa(
      ...['parse', '--format', 'json', '--json-include', 'locations', join(folder, file)],
    )
    const { rules } = JSON.parse(output)
    const flipped = text.replace('default allow := false', 'default allow := true')
    return [
      ...withoutEachCondition(text, { rules }),
      ...(flipped === text ? [] : [{ name: 'its default', text: flipped }]),
    ]
  }
})
