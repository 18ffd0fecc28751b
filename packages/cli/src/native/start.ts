import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { CliError } from '../cli-error.ts'
import type { Command } from './command.ts'
import { logFile } from './log-file.ts'
import type { Native } from './native.ts'
import { type ProcessId, processId } from './process-id.ts'
import { mark } from './state.ts'

/** What of the caller's environment a process gets; the rest is its own settings. */
const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'NODE_COMPILE_CACHE']

/** A process that this very command started. */
export interface Child {
  name: string
  id: ProcessId | null
  handle: ChildProcess
  /** Where in its log file this start begins, in bytes. */
  logStart: number
}

/**
 * Starts a process in a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it. Nobody
 * watches over it afterwards: what it writes goes straight into its log file.
 */
export function start({ root, stateDir }: Native, name: string, command: Command): Child {
  const log = openSync(logFile(stateDir, name), 'a', 0o600)
  const own = inherited.flatMap(variable => {
    const value = process.env[variable]
    return value === undefined ? [] : [[variable, value]]
  })
  const logStart = fstatSync(log).size
  try {
    const handle = spawn(command.file, command.args, {
      cwd: root,
      env: { ...Object.fromEntries(own), ...mark(stateDir, name), ...command.environment },
      detached: true,
      stdio: ['ignore', log, log],
    })
    handle.unref()
    const id = handle.pid === undefined ? null : (processId(handle.pid) ?? null)
    return { name, id, handle, logStart }
  } finally {
    closeSync(log)
  }
}

/** @throws CliError `cannot_start` if the operating system could not start one of them */
export async function untilSpawned(children: Child[]): Promise<void> {
  await Promise.all(
    children.map(({ name, handle }) =>
      once(handle, 'spawn').catch(error => {
        throw new CliError('cannot_start', `${name} cannot be started: ${error.message}`)
      }),
    ),
  )
}
