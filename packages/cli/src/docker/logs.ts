import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import type { LogLine, LogOptions } from '../platform.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'
import { processNamed } from './process-named.ts'

/**
 * The lines that the processes wrote.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function* logs(
  docker: Docker,
  { workload, follow, signal }: LogOptions,
): AsyncGenerator<LogLine> {
  if ((await containers(docker)).length === 0) {
    throw new CliError(
      'nothing_runs',
      'There are no logs: they go with their containers. Start a chapter: ./mesh up',
    )
  }
  const one = workload === undefined ? [] : [(await processNamed(docker, workload)).service]
  const options = ['--no-color', ...(follow ? ['--follow'] : []), ...one]
  const child = execa('docker', ['compose', '--project-name', docker.project, 'logs', ...options], {
    stdin: 'ignore',
    reject: false,
    buffer: false,
    detached: true,
    cancelSignal: signal,
    cwd: docker.root,
  })
  for await (const line of child) yield logLine(line)
}

/** Compose writes the name of the container in front of each line. It numbers them; there is one of each. */
function logLine(line: string): LogLine {
  const [, process = '', text = line] = /^(\S+)-1 *\| (.*)$/s.exec(line) ?? []
  return { process, text }
}
