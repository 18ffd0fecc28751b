import { expect, test, vi } from 'vitest'
import { sandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

test('ends a process, and waits until it is dead', async () => {
  const box = sandbox({ alpha: 'steady', beta: 'steady' })
  await box.up()
  await box.platform.kill('alpha', 'SIGKILL')
  expect(Object.keys(box.running())).toEqual(['beta'])
  await expect(box.platform.kill('alpha', 'SIGKILL')).rejects.toThrow(
    'alpha is dead already. Start it again: ./mesh up',
  )
})

test('freezes a process, which down stops all the same', async () => {
  const box = sandbox({ alpha: 'steady' })
  const stateOf = async () => (await box.platform.status())?.processes[0]?.state
  await box.up()
  expect(await stateOf()).toBe('ready')
  await box.platform.kill('alpha', 'SIGSTOP')
  await vi.waitFor(async () => expect(await stateOf()).toBe('not ready'), 5_000)
  await box.platform.down(new AbortController().signal)
  expect(box.running()).toEqual({})
  expect(box.said.join()).not.toContain('did not end')
})

test('names what there is', async () => {
  const box = sandbox({ alpha: 'steady' })
  await expect(box.platform.kill('alpha', 'SIGKILL')).rejects.toThrow('Nothing is running.')
  await box.up()
  await expect(box.platform.kill('beta', 'SIGKILL')).rejects.toThrow(
    'There is no process "beta". There are: alpha.',
  )
})
