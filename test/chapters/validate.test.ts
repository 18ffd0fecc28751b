import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const shared = ['jwt-authn.yaml'] // completed by the identity service; no Envoy starts with it
const files = globSync('envoy/*/*.yaml', { cwd: root })
  .filter(file => !shared.includes(basename(file)))
  .sort()

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

/** What Envoy says to a file, beside the files that its pod has. */
async function verdict(file: string): Promise<{ exitCode: number | undefined; output: string }> {
  const path = resolve(root, file)
  const args = ['tool', 'envoy', '--mode', 'validate', '--log-level', 'warning', '--config-path', path]
  const { exitCode, all } = await execa(join(root, 'mesh'), args, {
    cwd: podBeside(path),
    all: true,
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, output: all.replace(path, file) }
}

/** A folder as a pod has it: secrets are looked at only when an Envoy runs, but files must be there. */
function podBeside(config: string): string {
  const folder = temporaryFolder()
  const chapter = dirname(config)
  mkdirSync(join(folder, 'svid/current'), { recursive: true })
  if (existsSync(join(chapter, 'sds'))) cpSync(join(chapter, 'sds'), join(folder, 'sds'), { recursive: true })
  for (const file of shared.filter(file => existsSync(join(chapter, file)))) {
    cpSync(join(chapter, file), join(folder, 'svid/current', file))
  }
  return folder
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-validate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function copy(text: string): string {
  const file = join(temporaryFolder(), 'envoy.yaml')
  writeFileSync(file, text)
  return file
}
