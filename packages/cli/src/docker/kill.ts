import { CliError } from '../cli-error.ts'
import { ask } from './client.ts'
import type { Docker } from './docker.ts'
import { processNamed } from './process-named.ts'

/**
 * Sends a signal to one process of the chapter. Nobody starts it again: that is for `up`.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function kill(docker: Docker, name: string, signal: NodeJS.Signals): Promise<void> {
  const { id, running } = await processNamed(docker, name)
  if (!running) throw new CliError('nothing_runs', `${name} is dead already. Start it again: ./mesh up`)
  await ask(docker, ['kill', '--signal', signal, id]) // returns from SIGKILL when it is dead
}
