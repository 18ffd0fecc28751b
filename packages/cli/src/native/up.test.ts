import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chapter } from '@hardway/compiler'
import { describe, expect, test, vi } from 'vitest'
import { CliError } from '../cli-error.ts'
import { holderOf } from './address-in-use.ts'
import { logFile } from './log-file.ts'
import { programs, sandbox } from './sandbox.ts'
import { staticToken } from './token.ts'

vi.setConfig({ testTimeout: 30_000 }) // it starts processes, and the machine may be busy

const names = (running: Record<string, number>) => Object.keys(running)

async function stateOf({ platform }: ReturnType<typeof sandbox>) {
  const status = await platform.status()
  return Object.fromEntries(status?.processes.map(({ name, state }) => [name, state]) ?? [])
}

describe('up', () => {
  test('returns when every process is ready', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    expect(await stateOf(box)).toEqual({ alpha: 'ready', beta: 'ready' })
    expect(names(box.running())).toEqual(['alpha', 'beta'])
  })

  test('shows commands that can be typed, without the token', async () => {
    const box = sandbox({ monolith: 'steady' })
    await box.up({ chapter: chapter('01') })
    const shown = box.said.join('\n')
    expect(shown).toMatch(
      /^cd \S+ && HTTP_.* TOKEN_FILE=\.mesh\/native\/token \S*node services\/monolith\/src\/main\.ts/,
    )
    expect(shown).not.toContain(staticToken(box.native.stateDir))
  })

  test('touches nothing the second time', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    const before = box.running()
    await box.up()
    expect(box.running()).toEqual(before)
    expect(box.said).toContain('Chapter 02-services is running already.')
  })

  test('starts a process that was killed, and only that', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    const before = box.running()
    process.kill(before.alpha!, 'SIGKILL')
    await vi.waitFor(async () => expect(await stateOf(box)).toEqual({ alpha: 'dead', beta: 'ready' }))
    await box.up()
    const after = box.running()
    expect(after.beta).toBe(before.beta)
    expect(after.alpha).not.toBe(before.alpha)
    expect(await stateOf(box)).toEqual({ alpha: 'ready', beta: 'ready' })
    expect(box.said).toContain('alpha is not running: starting it.')
  })

  test('waits for a process that is about to end, and starts it again', async () => {
    const box = sandbox({ alpha: 'draining', beta: 'steady' })
    await box.up()
    const before = box.running()
    process.kill(before.alpha!, 'SIGTERM')
    await vi.waitFor(async () => expect(await stateOf(box)).toEqual({ alpha: 'not ready', beta: 'ready' }))
    await box.up()
    expect(box.said).toContain('A process ended meanwhile.')
    expect(box.running().alpha).not.toBe(before.alpha)
    expect(box.running().beta).toBe(before.beta)
    expect(await stateOf(box)).toEqual({ alpha: 'ready', beta: 'ready' })
  })

  test('starts everything again when everything was killed, and keeps the logs', async () => {
    const box = sandbox({ alpha: 'steady' })
    await box.up()
    await box.platform.kill('alpha', 'SIGKILL')
    await box.up()
    expect(box.said).toContain('alpha is not running: starting it.')
    expect(readFileSync(logFile(box.native.stateDir, 'alpha'), 'utf8')).toBe('listening\nlistening\n')
  })

  test('starts a process again whose settings changed', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    const before = box.running()
    box.mesh.workloads!.alpha!.calls = ['beta']
    await box.up()
    expect(box.running().beta).toBe(before.beta)
    expect(box.running().alpha).not.toBe(before.alpha)
    expect(box.said).toContain('Stopping alpha: it has other settings now.')
  })

  test('stops another chapter first', async () => {
    const box = sandbox({ monolith: 'steady', alpha: 'steady' })
    await box.up({ chapter: chapter('01') })
    expect(names(box.running())).toEqual(['monolith'])
    delete box.mesh.workloads!.monolith
    await box.up()
    expect(names(box.running())).toEqual(['alpha'])
    expect(box.said).toContain('Chapter 01-monolith is running: stopping it first.')
  })

  test('leaves one process out, and shows how to start it by hand', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    await box.up({ without: 'alpha' })
    expect(names(box.running())).toEqual(['beta'])
    expect(box.said.at(-2)).toBe('alpha is left out. Start it by hand:')
    expect(box.said.at(-1)).toContain('node services/alpha/src/main.ts')
  })

  test('knows what can be left out', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await expect(box.up({ without: 'gamma' })).rejects.toThrow(
      'There is no process "gamma" to leave out. There are: alpha, beta.',
    )
    expect(box.running()).toEqual({})
  })

  test('starts nothing when an address is in use, and names who holds it', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up({ without: 'beta' })
    const [taken] = box.platform.pods(chapter('02'), box.mesh)[0]!.processes[0]!.listens.slice(1)
    const { pid } = holderOf(taken!)!.process!
    expect(pid).toBe(box.running().alpha)

    const other = sandbox({ alpha: 'steady', beta: 'steady' })
    other.native.hosts = box.native.hosts
    await expect(other.up()).rejects.toThrow(
      `${taken} is already in use by node (pid ${pid}, in ${box.native.root}). Stop it first: kill ${pid}`,
    )
    expect(other.running()).toEqual({})
    expect(await other.platform.status()).toBeUndefined()
    expect(names(box.running())).toEqual(['alpha'])
  })

  test('shows the last lines of a process that dies, and leaves nothing running', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'dying' })
    const error = await box.up().catch(error => error)
    expect(error).toBeInstanceOf(CliError)
    const lines = error.message.split('\n')
    expect(lines[0]).toBe('beta ended before everything was ready (exit code 7).')
    expect(lines[1]).toBe('The last lines of beta:')
    expect(lines.slice(2)).toEqual(Array.from({ length: 20 }, (_, index) => `  line ${index + 11}`))
    expect(box.running()).toEqual({})
    expect(await box.platform.status()).toBeUndefined()
  })

  test('keeps what ran before when what it starts dies', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up({ without: 'beta' })
    writeFileSync(join(box.native.root, 'services/beta/src/main.ts'), programs.dying)
    await expect(box.up()).rejects.toThrow('beta ended before everything was ready (exit code 7)')
    expect(await stateOf(box)).toEqual({ alpha: 'ready' })
    expect(names(box.running())).toEqual(['alpha'])
  })

  test('does not forget a dead process that it could not start again', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await box.up()
    await box.platform.kill('beta', 'SIGKILL')
    writeFileSync(join(box.native.root, 'services/beta/src/main.ts'), programs.dying)
    await expect(box.up()).rejects.toThrow('beta ended before everything was ready (exit code 7)')
    expect(await stateOf(box)).toEqual({ alpha: 'ready', beta: 'dead' })
  })

  test('gives up on a process that is never ready, and leaves nothing running', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'mute' })
    box.native.limits.ready = 1_000
    await expect(box.up()).rejects.toThrow(
      'Not ready within 1 s: beta.\nThe last lines of beta:\n  waiting for nothing',
    )
    expect(box.running()).toEqual({})
  })

  test('says what it waits for', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'mute' })
    box.native.limits = { ...box.native.limits, ready: 1_000, progress: 300 }
    await expect(box.up()).rejects.toThrow('Not ready within 1 s')
    expect(box.said).toContainEqual(
      expect.stringMatching(/^Waiting for (alpha, )?beta to be ready \(\d s\)\.$/),
    )
  })

  test('stops everything that it started when it is interrupted', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'mute' })
    const controller = new AbortController()
    const up = box.up({ signal: controller.signal })
    await vi.waitFor(() => expect(names(box.running())).toEqual(['alpha', 'beta']), 5_000)
    controller.abort(new CliError('interrupted', 'Interrupted by SIGINT.', 130))
    await expect(up).rejects.toThrow('Interrupted by SIGINT.')
    expect(box.running()).toEqual({})
    expect(await box.platform.status()).toBeUndefined()
  })

  test('runs one after the other when called twice at once', async () => {
    const box = sandbox({ alpha: 'steady', beta: 'steady' })
    await Promise.all([box.up(), box.up()])
    expect(names(box.running())).toEqual(['alpha', 'beta'])
    expect(box.said).toContain('Chapter 02-services is running already.')
  })

  test('does not touch what another copy of the project runs', async () => {
    const [one, other] = [sandbox({ alpha: 'steady' }), sandbox({ alpha: 'steady' })]
    await Promise.all([one.up(), other.up()])
    const before = one.running()
    await other.platform.down(new AbortController().signal)
    expect(other.running()).toEqual({})
    expect(one.running()).toEqual(before)
  })
})
