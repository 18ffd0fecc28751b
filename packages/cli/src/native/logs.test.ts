import { appendFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { logFile, removeLogs } from './log-file.ts'
import { type Sandbox, sandbox } from './sandbox.ts'
import { makeStateDir } from './state.ts'

test('says of each line whose it is', async () => {
  const box = logged({ add: 'one\ntwo\n', calculator: 'three\n' })
  expect(await all(box)).toEqual(['add: one', 'add: two', 'calculator: three'])
  expect(await all(box, 'add')).toEqual(['add: one', 'add: two'])
})

test('shows a last line that is not finished', async () => {
  expect(await all(logged({ add: 'one\ntwo' }))).toEqual(['add: one', 'add: two'])
})

test('shows lines longer than it reads at once, and characters of several bytes', async () => {
  const line = 'é'.repeat(100_001)
  expect(await all(logged({ add: `${line}\nend\n` }))).toEqual([`add: ${line}`, 'add: end'])
})

test('names the logs that there are', async () => {
  const box = logged({ add: '', subtract: '' })
  await expect(all(box, 'divide')).rejects.toThrow(
    'There is no log of "divide". There are logs of: add, subtract.',
  )
})

test('says when there are no logs yet', async () => {
  await expect(all(sandbox({}))).rejects.toThrow('There are no logs yet. Start a chapter: ./mesh up')
})

test('follows: nothing is lost and nothing comes twice, also over a new start', async () => {
  const box = logged({ add: 'one\n' })
  const { stateDir } = box.native
  const controller = new AbortController()
  const lines = box.platform.logs({ follow: true, signal: controller.signal })
  const iterator = lines[Symbol.asyncIterator]()
  const next = async () => {
    const { value } = await iterator.next()
    return value && `${value.process}: ${value.text}`
  }

  expect(await next()).toBe('add: one')
  appendFileSync(logFile(stateDir, 'add'), 'tw')
  appendFileSync(logFile(stateDir, 'add'), 'o\nthree\n')
  expect([await next(), await next()]).toEqual(['add: two', 'add: three'])

  // The old run's last words, then a new start, all between two looks.
  appendFileSync(logFile(stateDir, 'add'), 'the end')
  removeLogs(stateDir)
  makeStateDir(stateDir)
  writeFileSync(logFile(stateDir, 'add'), 'one again\n')
  writeFileSync(logFile(stateDir, 'subtract'), 'another\n')
  expect([await next(), await next(), await next()]).toEqual([
    'add: the end',
    'add: one again',
    'subtract: another',
  ])

  controller.abort()
  expect(await next()).toBeUndefined()
})

function logged(contents: Record<string, string>): Sandbox {
  const box = sandbox({})
  makeStateDir(box.native.stateDir)
  for (const [name, content] of Object.entries(contents)) {
    writeFileSync(logFile(box.native.stateDir, name), content)
  }
  return box
}

async function all(box: Sandbox, workload?: string): Promise<string[]> {
  const lines: string[] = []
  const { signal } = new AbortController()
  for await (const { process, text } of box.platform.logs({ workload, signal }))
    lines.push(`${process}: ${text}`)
  return lines
}
