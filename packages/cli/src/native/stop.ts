import { setTimeout } from 'node:timers/promises'
import { drain } from './drain.ts'
import type { Native } from './native.ts'
import { isAlive, type ProcessId } from './process-id.ts'
import { reminder } from './reminder.ts'
import type { StartedProcess } from './state.ts'

type Stoppable = Pick<StartedProcess, 'name' | 'id' | 'program' | 'ready' | 'stopOrder'>

/**
 * Stops processes in their order, those of the same place at once. Returns when all have ended. Only these very
 * processes are meant: one that got a pid again is left alone.
 */
export async function stop(native: Native, processes: Stoppable[]): Promise<void> {
  const places = new Set(processes.map(({ stopOrder }) => stopOrder))
  for (const place of [...places].sort((a, b) => a - b)) {
    await stopTogether(
      native,
      processes.filter(({ stopOrder, id }) => stopOrder === place && isAlive(id)),
    )
  }
}

/** SIGTERM, so that they finish what they have begun; SIGKILL for the process group of one that does not end in time. */
async function stopTogether(native: Native, processes: Stoppable[]): Promise<void> {
  const { limits, voice } = native
  for (const { id } of processes) send(id, 'SIGCONT') // one that is frozen would hear nothing
  const envoys = processes.filter(({ program }) => program === 'envoy')
  await Promise.all(envoys.map(({ name, ready }) => drain(native, name, ready)))

  const alive = () => processes.filter(({ id }) => isAlive(id))
  for (const { id } of alive()) {
    voice.show(`kill ${id?.pid}`)
    send(id, 'SIGTERM')
  }

  const late = performance.now() + limits.stop
  const remind = reminder(limits.progress, voice.progress)
  const names = () => alive().map(({ name }) => name)
  while (alive().length > 0 && performance.now() < late) {
    await setTimeout(20)
    remind(() => `${names().join(', ')} to end`)
  }

  for (const { name, id } of alive()) {
    voice.say(`${name} did not end within ${limits.stop / 1000} s of SIGTERM: killing it.`)
    voice.show(`kill -s KILL -- -${id?.pid}`)
    send(id, 'SIGKILL')
  }
  while (alive().length > 0) await setTimeout(20)
}

function send(id: ProcessId | null, signal: 'SIGTERM' | 'SIGCONT' | 'SIGKILL'): void {
  if (!isAlive(id)) return
  try {
    process.kill(signal === 'SIGKILL' ? -id.pid : id.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it ended just now
  }
}
