import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { withLock } from './lock.ts'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

const { signal } = new AbortController()

test('one after the other works with a state directory, and the second is told that it waits', async () => {
  const directory = randomUUID()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await new Promise(setImmediate)
    events.push(`${name} ends`)
  }
  const waiting = vi.fn()
  await Promise.all([
    withLock(directory, signal, waiting, work('one')),
    withLock(directory, signal, waiting, work('two')),
    withLock(directory, signal, waiting, work('three')),
  ])
  for (const name of ['one', 'two', 'three']) {
    expect(events.indexOf(`${name} ends`)).toBe(events.indexOf(`${name} begins`) + 1)
  }
  expect(waiting).toHaveBeenCalledTimes(2)
})

test('two state directories do not wait for each other', async () => {
  const waiting = vi.fn()
  await withLock(randomUUID(), signal, waiting, () => withLock(randomUUID(), signal, waiting, async () => {}))
  expect(waiting).not.toHaveBeenCalled()
})

test('work that fails frees the lock', async () => {
  const directory = randomUUID()
  const failing = () => Promise.reject(new Error('no'))
  await expect(withLock(directory, signal, () => {}, failing)).rejects.toThrow('no')
  expect(await withLock(directory, signal, fail, async () => 'done')).toBe('done')
})

test('a holder that is killed frees the lock', async () => {
  const directory = randomUUID()
  const holder = await holderProcess(directory)
  const waiting = vi.fn(() => {
    holder.kill('SIGKILL')
  })
  expect(await withLock(directory, signal, waiting, async () => 'done')).toBe('done')
  expect(waiting).toHaveBeenCalledOnce()
})

test('whoever waits can be interrupted', async () => {
  const directory = randomUUID()
  await holderProcess(directory)
  const controller = new AbortController()
  const waiting = () => controller.abort(new Error('enough'))
  await expect(withLock(directory, controller.signal, waiting, fail)).rejects.toThrow('enough')
})

function fail(): never {
  throw new Error('this must not be called')
}

/** A process that holds the lock until it is killed. */
async function holderProcess(directory: string) {
  const program = `
    import { withLock } from '${join(import.meta.dirname, 'lock.ts')}'
    withLock('${directory}', new AbortController().signal, () => {}, () => new Promise(() => console.log('held')))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  return child
}
