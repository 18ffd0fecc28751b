import { isDeepStrictEqual } from 'node:util'
import type { Chapter, Mesh, Pod } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import type { UpOptions } from '../platform.ts'
import { requireFree } from './address-in-use.ts'
import { allReady } from './all-ready.ts'
import { commandLine } from './command.ts'
import { configsOf, writeConfigs } from './config-files.ts'
import { stopAll, waitingForOther } from './down.ts'
import { withLock } from './lock.ts'
import { removeLogs } from './log-file.ts'
import type { Native } from './native.ts'
import { isAlive } from './process-id.ts'
import { type Child, start, untilSpawned } from './start.ts'
import { makeStateDir, readState, type StartedProcess, writeState } from './state.ts'
import { stop } from './stop.ts'
import { staticToken } from './token.ts'
import { type Wanted, wantedOf } from './wanted.ts'

/** What has to be done. */
interface Plan {
  /** The chapter's slug. */
  chapter: string
  wanted: Wanted[]
  /** Those that do not run. */
  missing: Wanted[]
  /** What an earlier call started, dead or alive. */
  recorded: StartedProcess[]
}

/**
 * Makes a chapter run, and returns when every process of it is ready. What runs already stays untouched.
 * @throws CliError; then everything that this call started is stopped again
 */
export async function up(
  native: Native,
  { slug }: Chapter,
  mesh: Mesh,
  pods: Pod[],
  { without, signal }: UpOptions,
): Promise<void> {
  const { root, stateDir, voice } = native
  const configs = await configsOf(native, slug, mesh, pods)
  const all = await wantedOf(native, slug, mesh, pods, configs, signal)
  const leftOut = without === undefined ? undefined : find(all, without)
  const wanted = all.filter(process => process !== leftOut)

  const waiting = () => voice.progress(waitingForOther)
  await withLock(stateDir, signal, waiting, async () => {
    if (!mesh.jwt) staticToken(stateDir)
    // One that runs may be about to end, say after SIGTERM: then it is missing after all.
    while (!(await bring())) voice.say('A process ended meanwhile.')
  })
  if (leftOut) {
    voice.say(`${leftOut.name} is left out. Start it by hand:`)
    voice.say(`  ${commandLine(leftOut.command, root)}`)
  }

  /** Starts what is missing; false if meanwhile one ended that ran before. */
  async function bring(): Promise<boolean> {
    const recorded = await recordedOf(native, slug)
    await stopUnwanted(native, recorded, wanted)
    const missing = wanted.filter(({ name }) => !isRunning(name, recorded))
    const addresses = missing.flatMap(({ process }) => process.listens)
    await requireFree(addresses, root)
    writeConfigs(native, configs)
    if (recorded.length === 0) removeLogs(stateDir)
    else for (const { name } of missing) voice.say(`${name} is not running: starting it.`)
    if (missing.length === 0) voice.say(`Chapter ${slug} is running already.`)
    return startMissing(native, { chapter: slug, wanted, missing, recorded }, signal)
  }
}

function find(wanted: Wanted[], name: string): Wanted {
  const found = wanted.find(process => process.name === name)
  if (found) return found
  const known = wanted.map(process => process.name).join(', ')
  throw new CliError('unknown_name', `There is no process "${name}" to leave out. There are: ${known}.`)
}

/** What was started of this chapter; another one is stopped. */
async function recordedOf(native: Native, chapter: string): Promise<StartedProcess[]> {
  const state = readState(native.stateDir)
  if (!state) return []
  if (state.chapter === chapter) return state.processes
  native.voice.say(`Chapter ${state.chapter} is running: stopping it first.`)
  await stopAll(native, state)
  return []
}

/** Stops what is left out now, or was started with other settings. */
async function stopUnwanted(native: Native, recorded: StartedProcess[], wanted: Wanted[]): Promise<void> {
  const unwanted = recorded.filter(({ name, id, command }) => {
    const process = wanted.find(process => process.name === name)
    return isAlive(id) && !isDeepStrictEqual(process?.command, command)
  })
  for (const { name } of unwanted) {
    const isLeftOut = !wanted.some(process => process.name === name)
    native.voice.say(`Stopping ${name}: it ${isLeftOut ? 'is left out' : 'has other settings now'}.`)
  }
  await stop(native, unwanted)
}

/** Who starts together: those whom the others need at their own start, and then the others. */
function stagesOf(missing: Wanted[]): Wanted[][] {
  const first = missing.filter(({ process }) => process.startsFirst)
  const others = missing.filter(process => !first.includes(process))
  return first.length > 0 ? [first, others] : [others]
}

function isRunning(name: string, recorded: StartedProcess[]): boolean {
  return recorded.some(process => process.name === name && isAlive(process.id))
}

/** @returns false if one that ran before ended; what this started goes on then */
async function startMissing(native: Native, plan: Plan, signal: AbortSignal): Promise<boolean> {
  const { root, stateDir, voice } = native
  const { chapter, wanted, missing, recorded } = plan
  const startedAt = new Date().toISOString()
  const children: Child[] = []
  const processes = () =>
    wanted.map(process => {
      const {
        name,
        pod,
        process: { program, listens, ready },
        stopOrder,
        command,
      } = process
      if (!missing.includes(process)) return recorded.find(process => process.name === name)!
      const id = children.find(child => child.name === name)?.id ?? null
      return { name, pod, program, stopOrder, id, listens, ready, command, startedAt }
    })

  signal.throwIfAborted()
  makeStateDir(stateDir)
  writeState(stateDir, { chapter, processes: processes() }) // the intention first, lest one is forgotten
  try {
    for (const stage of stagesOf(missing)) {
      const begun = children.length
      for (const { name, command } of stage) {
        voice.show(commandLine(command, root))
        children.push(start(native, name, command))
      }
      writeState(stateDir, { chapter, processes: processes() })
      await untilSpawned(children.slice(begun))
      const started = processes().filter(({ id }) => id !== null)
      if (!(await allReady(native, started, children, signal))) return false
    }
    return true
  } catch (error) {
    const names = children.map(({ name }) => name)
    await stop(
      native,
      processes().filter(({ name }) => names.includes(name)),
    )
    writeState(stateDir, { chapter, processes: recorded })
    throw error
  }
}
