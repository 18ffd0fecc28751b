import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { type Command, commandLine } from '../native/command.ts'
import type { Voice } from '../platform.ts'
import { cacheFolder, type Found, isUsable } from './find.ts'
import type { Tool } from './tool.ts'
import type { Toolchain } from './toolchain.ts'

/**
 * Brings a tool into the cache, whole or not at all: into a folder of its own, which gets its name at the end. Of two
 * copies of the project that bring it at once, the first wins and the other uses what is there then.
 * @param signal  ends the client; nothing is left
 * @throws CliError `tool_failed`, with the client's last lines
 */
export async function bring(
  toolchain: Toolchain,
  tool: Tool,
  voice: Voice,
  signal: AbortSignal,
): Promise<Found> {
  const folder = cacheFolder(toolchain, tool)
  await mkdir(dirname(folder), { recursive: true })
  const unfinished = await mkdtemp(`${folder}.`)
  try {
    await runClient(join(toolchain.manifests, tool.manifest ?? tool.name), tool, unfinished, voice, signal)
    await giveName(unfinished, folder, tool)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return { tool, program: join(folder, tool.program), place: 'cache' }
}

async function runClient(
  manifest: string,
  tool: Tool,
  folder: string,
  voice: Voice,
  signal: AbortSignal,
): Promise<void> {
  const { title, version, client, install, program } = tool
  const { environment, file } = client
  const command: Command = { environment, file, args: install(folder) }
  voice.show(commandLine(command, manifest))
  const { failed, all, shortMessage } = await run(command, manifest, signal)
  signal.throwIfAborted()
  if (!failed && isUsable(tool, join(folder, program))) return
  const lines = (all || shortMessage || '').trim().split('\n').slice(-10)
  const problem = failed ? `could not be brought` : `came without ${program}`
  throw new CliError(
    'tool_failed',
    [
      `${title} ${version} ${problem}. The last lines of ${file}:`,
      ...lines.map(line => `  ${line}`),
      'To see all of it, type the same:',
      `  ${commandLine({ ...command, args: install('/tmp/try') }, manifest)}`,
    ].join('\n'),
  )
}

/** Runs a command; a signal ends it with all that it started, a compiler for example. */
async function run({ file, args, environment }: Command, cwd: string, signal: AbortSignal) {
  signal.throwIfAborted()
  const options = {
    cwd,
    env: environment,
    stdin: 'ignore',
    all: true,
    reject: false,
    detached: true,
  } as const
  const child = execa(file, args, options)
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid)
    } catch {
      // It ended just now.
    }
  }
  signal.addEventListener('abort', end)
  try {
    return await child
  } finally {
    signal.removeEventListener('abort', end)
  }
}

async function giveName(unfinished: string, folder: string, tool: Tool): Promise<void> {
  if (await renamed(unfinished, folder)) return
  if (isUsable(tool, join(folder, tool.program))) return // another copy of the project was faster
  await rm(folder, { recursive: true, force: true }) // somebody tidied up in there
  await renamed(unfinished, folder)
}

/** Linux renames a folder onto another one only if that is empty. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
