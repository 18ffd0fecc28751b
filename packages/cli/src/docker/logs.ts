import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import type { LogOptions } from '../platform.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'
import { processNamed } from './process-named.ts'

/**
 * The lines that the processes wrote, each with its process's name in front if there are several.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function* logs(
  docker: Docker,
  { workload, follow, signal }: LogOptions,
): AsyncGenerator<string> {
  if ((await containers(docker)).length === 0) {
    throw new CliError(
      'nothing_runs',
      'There are no logs: they go with their containers. Start a chapter: ./mesh up',
    )
  }
  const one =
    workload === undefined ? [] : ['--no-log-prefix', (await processNamed(docker, workload)).service]
  const options = ['--no-color', ...(follow ? ['--follow'] : []), ...one]
  const child = execa('docker', ['compose', '--project-name', docker.project, 'logs', ...options], {
    stdin: 'ignore',
    reject: false,
    buffer: false,
    detached: true,
    cancelSignal: signal,
    cwd: docker.root,
  })
  for await (const line of child) yield workload === undefined ? withoutNumber(line) : line
}

/** Compose numbers the containers of a service; there is one of each. */
function withoutNumber(line: string): string {
  return line.replace(/^(\S+)-1( *\|)/, '$1$2')
}
