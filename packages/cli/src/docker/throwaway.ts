import { CliError } from '../cli-error.ts'
import { composeCommand, dockerCommand, docker as run } from './client.ts'
import { type Container, containers } from './containers.ts'
import type { Docker } from './docker.ts'

/** What a container may do that lives for one question: as arguments of `docker run`. */
export const throwawayLimits = [
  '--read-only',
  '--cap-drop',
  'ALL',
  '--memory',
  '256m',
  '--workdir',
  '/app/services/calculator',
]

/** Everything that runs here. @throws CliError `nothing_runs` */
export async function requireRunning(docker: Docker): Promise<[Container, ...Container[]]> {
  const [first, ...others] = await containers(docker)
  if (!first) throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  return [first, ...others]
}

/**
 * Runs a program of ours in a container that has nothing but a network, and is gone afterwards: from this machine no pod
 * but the gateway is reached.
 * @param network  as `docker run --network` takes it
 * @param program  JavaScript; it can import what the calculator can
 * @param input    what it reads on standard input, as JSON: arguments could be seen by everybody on this machine
 * @returns what the program printed, as JSON
 */
export async function runThrowaway(
  docker: Docker,
  { chapter }: Container,
  network: string,
  program: string,
  input: object,
): Promise<unknown> {
  const image = `hardway/services:${composeCommand(docker, chapter, []).environment.MESH_SERVICES}`
  const start = ['run', '--rm', '--interactive', '--network', network]
  docker.voice.show(`docker ${start.join(' ')} … ${image} node …`)
  const node = ['node', '--input-type=module', '--eval', program]
  const command = dockerCommand([...start, ...throwawayLimits, image, ...node])
  const { failed, stdout, complaint } = await run(docker, command, { input: JSON.stringify(input) })
  if (failed) throw new CliError('tool_failed', `docker run failed:\n${complaint}`)
  return JSON.parse(stdout)
}
