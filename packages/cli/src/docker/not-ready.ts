import { CliError } from '../cli-error.ts'
import { dockerCommand, docker as run } from './client.ts'
import { type Container, containers, processesOf } from './containers.ts'
import type { Docker } from './docker.ts'

/** Lines of a log that are shown. */
const shown = 20

/**
 * What kept a chapter from being ready.
 * @param complaint  what Compose said; it is shown if no container is to blame
 */
export async function notReady(docker: Docker, wanted: string[], complaint: string): Promise<CliError> {
  const all = await containers(docker)
  const culprits = all.filter(
    ({ service, running, healthy, exitCode }) =>
      (wanted.includes(service) && !(running && healthy)) || (service === 'token' && exitCode !== 0),
  )
  const ended = culprits.filter(({ running }) => !running)
  const blamed = ended.length > 0 && ended.length < wanted.length ? ended : culprits
  if (processesOf(all).length === 0 || blamed.length === 0) {
    return new CliError('not_ready', `The chapter cannot be started:\n${complaint}`)
  }
  const quotes = await Promise.all(blamed.map(container => quote(docker, container)))
  return new CliError('not_ready', quotes.join('\n'))
}

async function quote(docker: Docker, { id, service, running, exitCode }: Container): Promise<string> {
  const problem = running ? `${service} did not become ready.` : `${service} ended (exit code ${exitCode}).`
  const { stdout, complaint } = await run(docker, dockerCommand(['logs', '--tail', `${shown}`, id]))
  const lines = `${stdout}\n${complaint}`.trim()
  if (lines === '') return `${problem} It wrote nothing.`
  return [problem, `The last lines of ${service}:`, ...lines.split('\n').map(line => `  ${line}`)].join('\n')
}
