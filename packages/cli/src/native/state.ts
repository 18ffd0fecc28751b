import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, Process } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import type { Command } from './command.ts'
import { findByEnvironment, type ProcessId } from './process-id.ts'

/** What was started, as the file state.json remembers it from one command to the next. */
export interface State {
  /** The chapter's slug. */
  chapter: string
  processes: StartedProcess[]
}

export interface StartedProcess {
  name: string
  pod: string
  program: Process['program']
  /** See stop-order.ts. */
  stopOrder: number
  /** Null between the intention to start it and the start. */
  id: ProcessId | null
  listens: Address[]
  ready: string
  /** To tell whether it would be started otherwise now. */
  command: Command
  /** ISO 8601. */
  startedAt: string
}

/**
 * What a started process has in its environment, so that it is found even if the CLI was killed between starting it
 * and writing down its pid.
 */
export function mark(stateDir: string, name: string): { MESH_PROCESS: string } {
  return { MESH_PROCESS: join(stateDir, name) }
}

/** The process that has this mark. */
export function findMarked(stateDir: string, name: string): ProcessId | undefined {
  const meant = `MESH_PROCESS=${mark(stateDir, name).MESH_PROCESS}`
  return findByEnvironment(variable => variable === meant)[0]
}

/** Every process whose state is somewhere below a folder. */
export function findAllMarked(folder: string): ProcessId[] {
  return findByEnvironment(variable => variable.startsWith(`MESH_PROCESS=${folder}/`))
}

/**
 * What was started and not stopped since.
 * @throws CliError `bad_state`
 */
export function readState(stateDir: string): State | undefined {
  const file = join(stateDir, 'state.json')
  try {
    const { chapter, processes } = JSON.parse(readFileSync(file, 'utf8')) as State
    return {
      chapter,
      processes: processes.map(process => ({
        ...process,
        id: process.id ?? findMarked(stateDir, process.name) ?? null,
      })),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const problem = (error as Error).message
    throw new CliError(
      'bad_state',
      `${file} cannot be read: ${problem}\n  Remove it and stop what still runs by hand.`,
    )
  }
}

/** Writes down what is started; all of it or, if that fails, none. */
export function writeState(stateDir: string, state: State): void {
  const file = join(stateDir, 'state.json')
  if (state.processes.length === 0) {
    rmSync(file, { force: true })
  } else {
    makeStateDir(stateDir)
    writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`)
    renameSync(`${file}.new`, file)
  }
}

/** Makes the folder of state, logs and token, for its owner only. */
export function makeStateDir(stateDir: string): void {
  mkdirSync(join(stateDir, 'log'), { recursive: true, mode: 0o700 })
}
