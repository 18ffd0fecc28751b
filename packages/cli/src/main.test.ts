import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

const mesh = (...args: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { reject: false })

test('every command has help with an example', async () => {
  const { stdout } = await mesh('--help')
  const names = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!)
  expect(names).toContain('up')
  for (const name of names) {
    const { stdout, exitCode } = await mesh(name, '--help')
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Usage: ./mesh ${name}`)
    expect(stdout).toContain(`Examples:\n  $ ./mesh ${name}`)
  }
})

test.each([
  [['divide'], "error: unknown command 'divide'\nTry: ./mesh --help"],
  [['up', '--fast'], "error: unknown option '--fast'\nTry: ./mesh up --help"],
  [['up', '1', '2'], 'error: too many arguments'],
  [['token'], "error: missing required argument 'name'\nTry: ./mesh token --help"],
  [['call', 'add', '1', '2', '--timeout', '0'], 'Give seconds'],
])('what is mistyped ends with a hint and exit code 2: %j', async (args, text) => {
  const { exitCode, stderr, stdout } = await mesh(...args)
  expect(stderr).toContain(text)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})

test.each([
  [['up', '99'], 'there is no chapter "99"'],
  [['tool', 'nginx', '--help'], 'There is no tool "nginx".'],
  [['call', 'add', '1', '-2', '--address', '127.0.0.1:1'], 'UNAVAILABLE: '],
])('what goes wrong for a known reason is told without a stack, with exit code 1: %j', async (args, text) => {
  const { exitCode, stderr } = await mesh(...args)
  expect(stderr).toContain(text)
  expect(stderr).not.toContain('    at ')
  expect(exitCode).toBe(1)
})
