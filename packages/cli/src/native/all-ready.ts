import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import { inotifyHint } from './inotify.ts'
import { lastLines } from './log-file.ts'
import type { Native } from './native.ts'
import { isAlive } from './process-id.ts'
import { answers } from './readiness.ts'
import { reminder } from './reminder.ts'
import type { Child } from './start.ts'
import type { StartedProcess } from './state.ts'

/**
 * Returns as soon as all processes are ready; asks every 25 ms.
 * @param children  those of them that this very command started
 * @returns false if one ended that ran before
 * @throws CliError `not_ready`, with the last lines of a child that ended, or of a process that takes too long
 */
export async function allReady(
  { limits, stateDir, voice }: Native,
  processes: StartedProcess[],
  children: Child[],
  signal: AbortSignal,
): Promise<boolean> {
  const late = performance.now() + limits.ready
  const remind = reminder(limits.progress, voice.progress)
  let waiting = processes
  while (true) {
    signal.throwIfAborted()
    const dead = processes.find(({ id }) => !isAlive(id))
    if (dead) {
      const child = childOf(dead)
      if (!child) return false
      const end = await howItEnded(child.handle)
      const hint = child.handle.signalCode === 'SIGABRT' ? inotifyHint() : undefined
      throw notReady(`${dead.name} ended before everything was ready (${end})`, [dead], hint)
    }
    if (waiting.length === 0) return true
    const names = waiting.map(({ name }) => name).join(', ')
    if (performance.now() > late)
      throw notReady(`Not ready within ${limits.ready / 1000} s: ${names}`, waiting)
    remind(() => `${names} to be ready`)

    const ready = await Promise.all(waiting.map(process => answers(process.ready)))
    waiting = waiting.filter((_, index) => !ready[index])
    if (waiting.length > 0) await setTimeout(25)
  }

  function notReady(problem: string, culprits: StartedProcess[], hint?: string): CliError {
    const quotes = culprits.map(process => {
      const lines = lastLines(stateDir, process.name, childOf(process)?.logStart ?? 0, 20)
      if (lines.length === 0) return `${process.name} wrote nothing.`
      return [`The last lines of ${process.name}:`, ...lines.map(line => `  ${line}`)].join('\n')
    })
    return new CliError('not_ready', [`${problem}.`, ...quotes, ...(hint ? [hint] : [])].join('\n'))
  }

  function childOf({ name }: StartedProcess): Child | undefined {
    return children.find(child => child.name === name)
  }
}

async function howItEnded(handle: ChildProcess): Promise<string> {
  if (handle.exitCode === null && handle.signalCode === null) await once(handle, 'exit')
  return handle.signalCode ? `signal ${handle.signalCode}` : `exit code ${handle.exitCode}`
}
