import { CliError } from '../cli-error.ts'
import { type Container, containers, processesOf } from './containers.ts'
import type { Docker } from './docker.ts'

/**
 * The container of a process.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function processNamed(docker: Docker, name: string): Promise<Container> {
  const processes = processesOf(await containers(docker))
  if (processes.length === 0)
    throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  const found = processes.find(({ service }) => service === name)
  if (found) return found
  const known = processes.map(({ service }) => service).sort()
  throw new CliError('unknown_name', `There is no process "${name}". There are: ${known.join(', ')}.`)
}
