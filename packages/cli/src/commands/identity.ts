import { readFileSync } from 'node:fs'
import type { Chapter } from '@hardway/compiler'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import type { Command } from '../native/command.ts'
import { choosePlatform } from '../platform.ts'
import { root } from '../root.ts'
import { terminal } from '../voice.ts'

/** The identity service by hand: its own commands, with the keys of the platform where something runs. */
export async function identity(args: string[]) {
  const mesh = readMesh()
  const platform = await choosePlatform(undefined, terminal())
  const chapter = chapterOrNewest((await platform.status())?.chapter)
  requireIdentity(chapter)
  const { args: taken, input } = withFileAsInput(args)
  const command = await platform.identity(chapter, mesh, taken)
  process.exitCode = await runIdentity(command, input)
}

/** Runs it in this terminal; gives its exit code. */
export async function runIdentity(command: Command, input?: string): Promise<number> {
  const { exitCode } = await execa(command.file, command.args, {
    cwd: root,
    env: command.environment,
    stdin: input === undefined ? 'inherit' : 'pipe',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    ...(input === undefined ? {} : { input }),
  })
  return exitCode ?? 1
}

function requireIdentity({ slug, sections }: Chapter): void {
  if (sections.includes('identity')) return
  throw new CliError(
    'nothing_runs',
    `Chapter ${slug} is running, and nobody in it has an identity. Start a later one: ./mesh up`,
  )
}

/** A file is read here: the identity service may be in a container, which does not have it. */
function withFileAsInput(args: string[]): { args: string[]; input?: string } {
  const [command, file, ...more] = args
  if (command !== 'show' || file === undefined || file.startsWith('-')) return { args }
  return { args: [command, '-', ...more], input: readText(file) }
}

/** What it prints. @throws CliError `tool_failed`, with its own words */
export async function outputOf({ file, args, environment }: Command): Promise<string> {
  const options = { cwd: root, env: environment, stdin: 'ignore', reject: false } as const
  const { failed, stdout, stderr } = await execa(file, args, options)
  if (failed) throw new CliError('tool_failed', stderr)
  return stdout
}

/** @throws CliError `bad_token` if a reader's file cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError('bad_token', `${file} cannot be read: ${(error as Error).message}`)
  }
}

/** What `status --json` of the identity service says; its exit code is 1 when something is wrong, which is said in it. */
export async function identityStatus({ file, args, environment }: Command): Promise<{
  svids: { pod: string; state: string; expires?: string }[]
}> {
  const options = { cwd: root, env: environment, stdin: 'ignore', reject: false } as const
  const { stdout, stderr } = await execa(file, args, options)
  if (stdout === '') throw new CliError('tool_failed', stderr)
  return JSON.parse(stdout)
}
