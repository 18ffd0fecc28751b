import { allAddons } from '@hardway/compiler/addon'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { type Command, commandLine } from '../native/command.ts'
import type { Docker } from './docker.ts'
import { doorVariable } from './door-variable.ts'
import { servicesTag } from './services-tag.ts'

/** What became of a command. */
export interface Ran {
  failed: boolean
  stdout: string
  /** Its last lines, of what it said to people. */
  complaint: string
}

/** How many lines of what went wrong are shown. */
const shown = 10

/**
 * Runs docker.
 * @param input   for its standard input
 * @param onLine  gets each line that it says to people while it works
 */
export async function docker(
  { root }: Docker,
  { args, environment }: Command,
  { signal, onLine, input }: { signal?: AbortSignal; onLine?: (line: string) => void; input?: string } = {},
): Promise<Ran> {
  const child = execa('docker', args, {
    cwd: root,
    env: environment,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    reject: false,
    detached: true, // Ctrl-C is for us to handle: it must not reach docker by itself
    forceKillAfterDelay: 5_000,
    ...(signal ? { cancelSignal: signal } : {}),
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) onLine?.(line)
  })
  const { failed, stdout, stderr, shortMessage } = await child
  signal?.throwIfAborted()
  const lines = (stderr || shortMessage || '').trim().split('\n')
  const complaint = lines.filter(line => !line.includes('level=warning')).slice(-shown)
  return { failed, stdout, complaint: complaint.map(line => line.trim()).join('\n') }
}

/**
 * Runs docker, and gives what it printed.
 * @throws CliError `tool_failed`
 */
export async function ask(platform: Docker, args: string[], signal?: AbortSignal): Promise<string> {
  const { failed, stdout, complaint } = await docker(platform, dockerCommand(args), signal ? { signal } : {})
  if (failed) throw new CliError('tool_failed', `docker ${args.join(' ')} failed:\n${complaint}`)
  return stdout
}

export function dockerCommand(args: string[]): Command {
  return { environment: {}, file: 'docker', args }
}

/** A command of Compose about a chapter. */
export function composeCommand(
  { root, project, published, doors }: Docker,
  chapter: string,
  args: string[],
): Command {
  const file = `deploy/${chapter}/compose.yaml`
  const moved = allAddons.filter(({ pod: { name }, port }) => doors[name] !== `127.0.0.1:${port}`)
  return {
    environment: {
      MESH_SERVICES: servicesTag(root),
      ...(published === '127.0.0.1:8080' ? {} : { MESH_PUBLISHED: published }),
      ...Object.fromEntries(moved.map(({ pod: { name } }) => [doorVariable(name), doors[name]!])),
    },
    file: 'docker',
    args: ['compose', '--project-name', project, '--file', file, ...args],
  }
}

/** Shows a command as it can be typed, and runs it. */
export function shownRun(
  platform: Docker,
  command: Command,
  options: { signal?: AbortSignal; onLine?: (line: string) => void } = {},
): Promise<Ran> {
  platform.voice.show(commandLine(command, platform.root))
  return docker(platform, command, options)
}
