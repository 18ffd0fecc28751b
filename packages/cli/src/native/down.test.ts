import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { logFile } from './log-file.ts'
import { isAlive, processId } from './process-id.ts'
import { sandbox } from './sandbox.ts'
import { readState, writeState } from './state.ts'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

const { signal } = new AbortController()

describe('down', () => {
  test('stops everything, keeps the logs, and says when there is nothing to do', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    expect(Object.keys(box.running())).toHaveLength(2)
    await box.platform.down(signal)
    expect(box.running()).toEqual({})
    expect(box.said.at(-1)).toBe('Chapter 02-services is down.')
    expect(existsSync(logFile(box.native.stateDir, 'alpha'))).toBe(true)
    await box.platform.down(signal)
    expect(box.said.at(-1)).toBe('Nothing is running.')
  })

  test('kills a process that does not end in time, and says so', async () => {
    const box = sandbox({ alpha: 'stubborn', beta: 'steady' })
    await box.up()
    box.native.limits.stop = 300
    await box.platform.down(signal)
    expect(box.running()).toEqual({})
    expect(box.said).toContain('alpha did not end within 0.3 s of SIGTERM: killing it.')
  })

  test('does not kill a process that got the pid of one of ours', async () => {
    const box = sandbox({ alpha: 'steady' })
    await box.up()
    const stranger = await strangerProcess()
    const state = readState(box.native.stateDir)!
    const [alpha] = state.processes
    const own = alpha!.id!
    writeState(box.native.stateDir, {
      ...state,
      processes: [{ ...alpha!, id: { ...own, pid: stranger.pid } }],
    })
    await box.platform.down(signal)
    expect(isAlive(stranger)).toBe(true)

    // The same with the right start time: then it is the process that was meant.
    writeState(box.native.stateDir, { ...state, processes: [{ ...alpha!, id: stranger }] })
    await box.platform.down(signal)
    expect(isAlive(stranger)).toBe(false)
  })

  test('finds a process whose starter was killed before it wrote down the pid', async () => {
    const box = sandbox({ alpha: 'steady' })
    await box.up()
    const state = readState(box.native.stateDir)!
    const processes = state.processes.map(process => ({ ...process, id: null }))
    writeState(box.native.stateDir, { ...state, processes })
    expect(box.running().alpha).toBeDefined()
    await box.platform.down(signal)
    expect(box.running()).toEqual({})
  })

  test('names a state file that it cannot read', async () => {
    const box = sandbox({ alpha: 'steady' })
    const file = join(box.native.stateDir, 'state.json')
    mkdirSync(box.native.stateDir, { recursive: true })
    writeFileSync(file, '{')
    await expect(box.platform.down(signal)).rejects.toThrow(`${file} cannot be read`)
  })
})

/** A process that is none of ours. */
async function strangerProcess() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return processId(child.pid!)!
}
