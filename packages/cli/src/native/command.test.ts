import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { commandLine, quoted } from './command.ts'

const command = {
  environment: { HTTP_ADDRESS: '127.0.0.1:8080' },
  file: process.execPath,
  args: ['services/add/src/main.ts'],
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('a command line reads like one that a person typed', () => {
  vi.stubEnv('PATH', `/nowhere:${dirname(process.execPath)}`)
  expect(commandLine(command, process.cwd())).toBe(
    'HTTP_ADDRESS=127.0.0.1:8080 node services/add/src/main.ts',
  )
})

test('a command line names a tool as a person calls it', () => {
  const tool = {
    environment: {},
    file: '/cache/envoy',
    args: ['--version'],
    typed: ['./mesh', 'tool', 'envoy'],
  }
  expect(commandLine(tool, process.cwd())).toBe('./mesh tool envoy --version')
})

test('a command line names the right Node when a shell finds another one, or none', () => {
  vi.stubEnv('PATH', '/nowhere')
  const line = `HTTP_ADDRESS=127.0.0.1:8080 ${process.execPath} services/add/src/main.ts`
  expect(commandLine(command, '/nowhere')).toBe(`cd /nowhere && ${line}`)
})

test.each(['plain', '', 'two words', "it's", '$HOME `id` "x"', 'a\\b', '*', 'line\nbreak'])(
  'a shell reads %j back',
  word => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })).toBe(word)
  },
)
