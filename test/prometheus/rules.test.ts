import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../harness/definition.ts'
import { tool } from '../harness/tool.ts'

const promtool = await tool('promtool')
const chapters = readdirSync(join(root, 'prometheus'))

test('there are rules to judge', () => {
  expect(chapters).toContain('08-prometheus')
})

describe.each(chapters)('prometheus/%s', chapter => {
  const folder = join(root, 'prometheus', chapter)
  const rulesFile = readFileSync(join(folder, 'rules.yaml'), 'utf8')
  const { groups } = parse(rulesFile) as { groups: { rules: Rule[] }[] }
  const rules = groups.flatMap(({ rules }) => rules)

  test('promtool finds nothing to complain about', async () => {
    const config = await promtool('check', 'config', '--lint-fatal', join(folder, 'prometheus.yaml'))
    expect(config).toMatchObject({ exitCode: 0, output: expect.stringContaining('SUCCESS') })
    const checked = await promtool('check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml'))
    expect(checked).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${rules.length} rules found`),
    })
  })

  test('the rules pass their tests', async () => {
    const { exitCode, output } = await promtool('test', 'rules', join(folder, 'rules_test.yaml'))
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('SUCCESS') })
  })

  test.each(rules.map(({ alert, record }) => [alert ?? record!]))(
    'has a test that fails if %s is never true',
    async name => {
      const rule = rules.find(({ alert, record }) => (alert ?? record) === name)!
      const mutant = structuredClone(groups)
      for (const group of mutant) {
        group.rules = group.rules.map(other =>
          (other.alert ?? other.record) === name ? { ...rule, expr: 'vector(1) > 2' } : other,
        )
      }
      expect(await judge(mutant)).toMatchObject({ exitCode: 1, output: expect.stringContaining('FAILED') })
    },
  )

  const withNumbers = rules.filter(({ alert, expr }) => alert && /[<>]=? [\d.]/.test(expr))

  test.each(withNumbers.map(({ alert }) => [alert!]))(
    'has a test that fails if %s is always true',
    async name => {
      const mutant = structuredClone(groups)
      for (const rule of mutant.flatMap(({ rules }) => rules)) {
        if (rule.alert === name)
          rule.expr = rule.expr.replace(
            /([<>])=? [\d.].*$/,
            (_, sign) => `${sign} ${sign === '>' ? '-1' : '1e12'}`,
          )
      }
      expect(await judge(mutant)).toMatchObject({ exitCode: 1, output: expect.stringContaining('FAILED') })
    },
  )

  /** What the tests say to other rules. */
  async function judge(mutant: object) {
    const copy = mkdtempSync(join(tmpdir(), 'mesh-rules-'))
    onTestFinished(() => rmSync(copy, { recursive: true }))
    cpSync(folder, copy, { recursive: true })
    writeFileSync(join(copy, 'rules.yaml'), JSON.stringify({ groups: mutant }))
    expect(await promtool('check', 'rules', join(copy, 'rules.yaml'))).toMatchObject({ exitCode: 0 })
    return promtool('test', 'rules', join(copy, 'rules_test.yaml'))
  }
})

interface Rule {
  alert?: string
  record?: string
  expr: string
}
