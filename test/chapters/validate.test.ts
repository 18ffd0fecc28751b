import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files = globSync('envoy/*/*.yaml', { cwd: root }).sort()

test('there are files to validate', () => {
  expect(files.map(file => basename(file))).toContain('calculator.yaml')
})

test.each(files)('Envoy accepts %s, without a word', async file => {
  expect(await verdict(file)).toEqual({ exitCode: 0, output: `configuration '${file}' OK` })
})

test('Envoy refuses what is wrong, and warns of what is deprecated', async () => {
  const good = readFileSync(join(root, 'envoy/03-envoy/add.yaml'), 'utf8')
  const wrong = copy(good.replace('connect_timeout: 1s', 'connect_timeout: soon'))
  expect(await verdict(wrong)).toMatchObject({ exitCode: 1, output: expect.stringContaining('soon') })
  const deprecated = copy(
    good.replace('\n  - name: application\n', '\n  - name: application\n    respect_dns_ttl: true\n'),
  )
  expect((await verdict(deprecated)).output).toContain('Using deprecated option')
})

/** What Envoy says to a file. */
async function verdict(file: string): Promise<{ exitCode: number | undefined; output: string }> {
  const args = ['tool', 'envoy', '--mode', 'validate', '--log-level', 'warning', '--config-path', file]
  const { exitCode, all } = await execa(join(root, 'mesh'), args, {
    cwd: root,
    all: true,
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, output: all }
}

function copy(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-validate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'envoy.yaml')
  writeFileSync(file, text)
  return file
}
