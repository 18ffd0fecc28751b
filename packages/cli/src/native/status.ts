import type { ProcessStatus, Status } from '../platform.ts'
import type { Native } from './native.ts'
import { isAlive } from './process-id.ts'
import { answers } from './readiness.ts'
import { readState, type StartedProcess } from './state.ts'

/** How everything does that was started here. */
export async function status({ stateDir }: Native): Promise<Status | undefined> {
  const state = readState(stateDir)
  return state && { chapter: state.chapter, processes: await Promise.all(state.processes.map(statusOf)) }
}

async function statusOf({
  name,
  pod,
  id,
  listens,
  ready,
  startedAt,
}: StartedProcess): Promise<ProcessStatus> {
  const alive = isAlive(id)
  const state = !alive ? 'dead' : (await answers(ready)) ? 'ready' : 'not ready'
  return { name, pod, state, pid: alive ? id.pid : null, addresses: listens, startedAt }
}
