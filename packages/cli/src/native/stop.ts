import { setTimeout } from 'node:timers/promises'
import type { Native } from './native.ts'
import { isAlive, type ProcessId } from './process-id.ts'
import { reminder } from './reminder.ts'

/**
 * Stops processes, all at once: SIGTERM, so that they finish what they have begun; SIGKILL for the process group of one
 * that does not end in time. Returns when all have ended. Only these very processes are meant: one that got a pid
 * again is left alone.
 */
export async function stop(
  { limits, voice }: Native,
  processes: { name: string; id: ProcessId | null }[],
): Promise<void> {
  const alive = () => processes.filter(({ id }) => isAlive(id))
  const names = () => alive().map(({ name }) => name)
  for (const { id } of alive()) {
    voice.show(`kill ${id?.pid}`)
    send(id, 'SIGTERM')
    send(id, 'SIGCONT') // one that is frozen would not hear SIGTERM
  }

  const late = performance.now() + limits.stop
  const remind = reminder(limits.progress, voice.progress)
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
