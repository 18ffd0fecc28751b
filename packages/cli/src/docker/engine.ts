import { execa } from 'execa'
import { CliError } from '../cli-error.ts'

/** A machine without an engine says so at once; this is for one behind a network that swallows everything. */
const patience = 5_000

/** Whether an engine answers that can run Compose files. */
export async function engineAnswers(): Promise<boolean> {
  return (await whyNot()) === undefined
}

/** @throws CliError `no_docker`, saying what is missing and what to do */
export async function requireEngine(): Promise<void> {
  const reason = await whyNot()
  if (reason) throw new CliError('no_docker', `${reason} Or run without it: --platform native`)
}

async function whyNot(): Promise<string | undefined> {
  const [server, compose] = await Promise.all([
    run('version', '--format', '{{.Server.Version}}'),
    run('compose', 'version', '--short'),
  ])
  if (server.code === 'ENOENT') return 'There is no docker on the PATH: docs.docker.com/engine/install.'
  if (server.failed) {
    const [why = ''] = String(server.stderr || server.shortMessage || '')
      .trim()
      .split('\n')
      .slice(-1)
    return `No Docker engine answers (${why}). Start it.`
  }
  if (compose.failed || !/^v?[2-9]/.test(compose.stdout)) {
    return 'docker has no Compose 2: install its plugin, docs.docker.com/compose/install.'
  }
  return undefined
}

function run(...args: string[]) {
  return execa('docker', args, { reject: false, stdin: 'ignore', timeout: patience })
}
