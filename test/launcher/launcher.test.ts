import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, execaSync } from 'execa'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { root } from '../harness/definition.ts'

/** What every Unix has; Node and npm are added, or not, by each test. */
const unix = [
  'cat',
  'cksum',
  'cmp',
  'cp',
  'dirname',
  'grep',
  'ln',
  'mkdir',
  'mv',
  'readlink',
  'rm',
  'sh',
  'sleep',
  'tr',
  'uname',
]

let folder: string
const bin = () => join(folder, 'bin')
const cache = () => join(folder, 'home/.cache/mesh-the-hard-way')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const file of ['mesh', 'pnpm-lock.yaml', 'deploy/toolchain/node']) {
    cpSync(join(root, file), join(folder, 'project', file), { recursive: true })
  }
  mkdirSync(bin())
  for (const tool of unix) symlinkSync(execaSync('which', [tool]).stdout, join(bin(), tool))
})

function launch(program = join(folder, 'project/mesh'), args = ['token', 'alice']) {
  return execa(program, args, {
    env: { PATH: bin(), HOME: join(folder, 'home') },
    extendEnv: false,
    reject: false,
    detached: true,
    cwd: folder,
  })
}

/** A program that is a shell script. */
function script(name: string, text: string): void {
  writeFileSync(join(bin(), name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
}

/** As if the set-up had been done, with a command line that says how it was called. */
function pretendReady(): void {
  const project = join(folder, 'project')
  mkdirSync(join(project, '.mesh/setup'), { recursive: true })
  mkdirSync(join(project, 'packages/cli/node_modules'), { recursive: true })
  mkdirSync(join(project, 'packages/cli/src'), { recursive: true })
  cpSync(join(project, 'pnpm-lock.yaml'), join(project, '.mesh/setup/pnpm-lock.yaml'))
  symlinkSync(process.execPath, join(project, '.mesh/setup/node'))
  writeFileSync(
    join(project, 'packages/cli/src/main.ts'),
    'console.log(JSON.stringify(process.argv.slice(2)))',
  )
}

test('without any Node, one line says what to install', async () => {
  const { exitCode, stderr } = await launch()
  expect(stderr).toBe(
    'mesh: Node.js is missing. Install any Node.js from 18 on, with npm, and run this again.',
  )
  expect(exitCode).toBe(1)
})

test('without npm, one line says what to install', async () => {
  script('node', 'exit 1') // a Node that is not 24
  const { exitCode, stderr } = await launch()
  expect(stderr).toBe(
    'mesh: npm is missing. Install the npm that belongs to your Node.js, and run this again.',
  )
  expect(exitCode).toBe(1)
})

test('when npm fails, its words are shown, and nothing half done is left', async () => {
  script('node', 'exit 1')
  script('npm', 'echo "npm error network"; exit 1')
  const { exitCode, stderr } = await launch()
  expect(stderr).toMatch(/npm error network\nmesh: npm could not bring Node 24; its message is above\./)
  expect(exitCode).toBe(1)
  expect(readdirSync(cache())).toEqual([])
  expect(existsSync(join(folder, 'project/.mesh/setup/lock'))).toBe(false)
})

test('interrupted, it leaves nothing half done', async () => {
  script('node', 'exit 1')
  script('npm', 'echo begun >&2; exec sleep 60')
  const running = launch()
  await new Promise(resolve =>
    running.stderr.on('data', text => `${text}`.includes('begun') && resolve(text)),
  )
  expect(readdirSync(cache())).toHaveLength(1)
  process.kill(-running.pid!, 'SIGINT') // as a terminal does: to the whole group
  expect((await running).exitCode).toBe(130)
  expect(readdirSync(cache())).toEqual([])
  expect(existsSync(join(folder, 'project/.mesh/setup/lock'))).toBe(false)
})

test('once set up it needs nothing but what it brought, also through a link and from another folder', async () => {
  pretendReady()
  symlinkSync('project/mesh', join(folder, 'link'))
  for (const program of [join(folder, 'project/mesh'), join(folder, 'link')]) {
    const { stdout, stderr } = await launch(program, ['up', 'a b', '--x'])
    expect(stdout).toBe('["up","a b","--x"]')
    expect(stderr).toBe('')
  }
})

test('the lock of a first start that was killed is taken over', async () => {
  pretendReady()
  rmSync(join(folder, 'project/.mesh/setup/pnpm-lock.yaml')) // not ready after all
  symlinkSync('4194305', join(folder, 'project/.mesh/setup/lock')) // more than any pid
  const { stderr } = await launch()
  expect(stderr).toMatch(/Node.js is missing/)
})
