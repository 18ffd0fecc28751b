import { expect, test } from 'vitest'
import { interruptible } from './interrupt.ts'

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends work in good order, with exit code %i', async (name, exitCode) => {
  const before = process.listenerCount(name)
  const events: string[] = []
  const work = interruptible(async signal => {
    await new Promise(aborted => signal.addEventListener('abort', aborted))
    events.push('cleaned up')
    signal.throwIfAborted()
  })
  process.emit(name, name)
  await expect(work).rejects.toMatchObject({ code: 'interrupted', exitCode })
  expect(events).toEqual(['cleaned up'])
  expect(process.listenerCount(name)).toBe(before)
})

test('work that nobody interrupts gives its result', async () => {
  expect(await interruptible(async () => 'done')).toBe('done')
})
