import { CliError } from '../cli-error.ts'
import { ask, composeCommand, docker as run } from './client.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'

const file = '/run/token/token'

/**
 * The static token of chapters 01 to 04. It was made when a chapter first started, and lies in a volume.
 * @throws CliError `nothing_runs`
 */
export async function token(docker: Docker): Promise<string> {
  const [maker] = (await containers(docker)).filter(({ service }) => service === 'token')
  if (!maker) {
    throw new CliError('nothing_runs', 'The token is made when a chapter first starts: ./mesh up')
  }
  // Whoever checks it has it, and answers at once; but that may be what was killed.
  const [checker] = (await containers(docker)).filter(
    ({ service, running }) => running && ['calculator', 'monolith'].includes(service),
  )
  if (checker) return ask(docker, ['exec', checker.id, 'cat', file])
  const command = composeCommand(docker, maker.chapter, [
    'run',
    '--rm',
    '--no-TTY',
    '--no-deps',
    'token',
    'cat',
    file,
  ])
  const { failed, stdout, complaint } = await run(docker, command)
  if (failed) throw new CliError('bad_token', `The token cannot be read:\n${complaint}`)
  return stdout
}
