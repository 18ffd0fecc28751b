import { join } from 'node:path'
import { waitingForOther } from '../native/down.ts'
import { withLock } from '../native/lock.ts'
import type { Docker } from './docker.ts'

/** Runs work that only one process at a time may do in a copy of the project. The lock is Linux's: see lock.ts. */
export function exclusively<T>(
  { root, project, voice }: Docker,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (process.platform !== 'linux') return work()
  return withLock(join(root, '.mesh', project), signal, () => voice.progress(waitingForOther), work)
}
