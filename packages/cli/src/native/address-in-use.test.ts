import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { holderOf, requireFree } from './address-in-use.ts'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

test('a free address is no problem', async () => {
  const port = await listen('127.0.0.1')
  await expect(requireFree([`127.99.0.2:${port}`], '/')).resolves.toBeUndefined()
})

test('names the process that holds addresses, and how to stop it', async () => {
  const [one, other] = [await listen('127.0.0.1'), await listen('127.0.0.1')]
  const directory = realpathSync(process.cwd())
  await expect(requireFree([`127.0.0.1:${one}`, `127.0.0.1:${other}`], directory)).rejects.toThrow(
    `127.0.0.1:${one}, 127.0.0.1:${other} are already in use by node (pid ${process.pid}, in ${directory}). ` +
      `Stop it first: kill ${process.pid}`,
  )
})

test('sends the reader to another copy of the project', async () => {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'hardway-copy-')))
  writeFileSync(join(copy, 'mesh'), '')
  writeFileSync(join(copy, 'mesh.yaml'), '')
  const program = `const server = require('net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { cwd: copy, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(copy, { recursive: true })
  })
  const [line] = await once(child.stdout, 'data')
  const port = Number(line)
  await expect(requireFree([`127.0.0.1:${port}`], '/elsewhere')).rejects.toThrow(
    `127.0.0.1:${port} is already in use by node (pid ${child.pid}, in ${copy}). Run ./mesh down there first.`,
  )
})

test.each(['0.0.0.0', '::'])('sees a process that listens on %s, and so on every address', async host => {
  const port = await listen(host)
  expect(holderOf(`127.0.0.1:${port}`)?.process?.pid).toBe(process.pid)
  await expect(requireFree([`127.0.0.1:${port}`], '/')).rejects.toThrow(`(pid ${process.pid},`)
})

test('says that an address cannot be listened on at all', async () => {
  await expect(requireFree(['192.0.2.1:8080'], '/')).rejects.toThrow(
    '192.0.2.1:8080 cannot be listened on: listen EADDRNOTAVAIL',
  )
})

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as { port: number }).port
}
