import { setTimeout } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import type { Native } from './native.ts'
import { isAlive } from './process-id.ts'
import { readState } from './state.ts'

/**
 * Sends a signal to one process of the chapter. Nobody starts it again: that is for `up`.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function kill({ stateDir }: Native, name: string, signal: NodeJS.Signals): Promise<void> {
  const processes = readState(stateDir)?.processes
  if (!processes) throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  const found = processes.find(process => process.name === name)
  if (!found) {
    const known = processes.map(process => process.name).join(', ')
    throw new CliError('unknown_name', `There is no process "${name}". There are: ${known}.`)
  }
  if (!isAlive(found.id)) {
    throw new CliError('nothing_runs', `${name} is dead already. Start it again: ./mesh up`)
  }
  process.kill(found.id.pid, signal)
  while (signal === 'SIGKILL' && isAlive(found.id)) await setTimeout(5)
}
