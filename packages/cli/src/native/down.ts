import { withLock } from './lock.ts'
import type { Native } from './native.ts'
import { readState, type State, writeState } from './state.ts'
import { stop } from './stop.ts'

export const waitingForOther =
  'Another ./mesh up or down is at work in this copy of the project: waiting for it.'

/** Stops everything that was started here. The logs stay for the reader until the next start. */
export async function down(native: Native, signal: AbortSignal): Promise<void> {
  const { stateDir, voice } = native
  await withLock(
    stateDir,
    signal,
    () => voice.progress(waitingForOther),
    async () => {
      const state = readState(stateDir)
      if (!state) return voice.say('Nothing is running.')
      await stopAll(native, state)
      voice.say(`Chapter ${state.chapter} is down.`)
    },
  )
}

export async function stopAll(native: Native, state: State): Promise<void> {
  await stop(native, state.processes)
  writeState(native.stateDir, { ...state, processes: [] })
}
