import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { startChapter } from '../harness/chapter.ts'
import { root } from '../harness/definition.ts'

const cli = [process.execPath, 'packages/cli/src/main.ts']

const tool = (...args: string[]) => execa(cli[0]!, [cli[1]!, 'tool', ...args], { cwd: root, reject: false })

test('a tool gets all that follows its name, and its exit status is ours', async () => {
  expect((await tool('envoy', '--version')).stdout).toContain('/1.40.0/')
  expect((await tool('envoy', '--help')).stdout).toContain('--config-path')
  expect((await tool('envoy', '--mode', 'validate', '--config-yaml', '{}')).exitCode).toBe(0)
  expect((await tool('envoy', '--mode', 'validate', '--config-yaml', '{ lisseners: [] }')).exitCode).toBe(1)
  expect((await tool('nginx')).stderr).toBe(
    'There is no tool "nginx". There are: envoy, opa, prometheus, promtool, zipkin, fortio.',
  )
})

test('a process that was left out is started by the command that is shown, and ended by Ctrl-C', async () => {
  const chapter = await startChapter('03-envoy', 35, { without: 'add-envoy' })
  onTestFinished(() => chapter.stop())
  const ask = async () => {
    const headers = { authorization: `Bearer ${chapter.token}` }
    return (await fetch(`${chapter.url}/add?a=1&b=2`, { headers })).status
  }
  expect(await ask()).toBe(503)

  expect(chapter.said.at(-2)).toBe('add-envoy is left out. Start it by hand:')
  const line = chapter.said.at(-1)!.trim()
  expect(line).toMatch(/^(cd \S+ && )?\.\/mesh tool envoy --config-path \S+\/add\.yaml /)
  const envoy = typed(line.replace('./mesh', cli.join(' ')))
  await expect.poll(ask, { timeout: 10_000 }).toBe(200)

  envoy.kill('SIGINT')
  await once(envoy, 'exit')
  await expect.poll(ask, { timeout: 10_000 }).toBe(503)
})

/** What a shell makes of a line; the program takes the shell's place, as it would be the one that Ctrl-C ends. */
function typed(line: string): ChildProcess {
  const child = spawn('sh', ['-c', line.replace(/(.* && |^)/, '$1exec ')], { cwd: root, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
