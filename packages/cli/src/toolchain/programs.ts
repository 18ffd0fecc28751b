import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { reminder } from '../native/reminder.ts'
import type { Voice } from '../platform.ts'
import { bring } from './bring.ts'
import { type Found, find } from './find.ts'
import type { Client, Runtime, Tool } from './tool.ts'
import type { Toolchain } from './toolchain.ts'

/** For those who wait, how often they hear that it goes on, in milliseconds. */
const patience = 2_000

/**
 * The programs of tools; those that are not here are brought, all at the same time.
 * @returns the path of each by the tool's name
 * @throws CliError `missing_client`, naming all clients and runtimes that are missing; `tool_failed`, with what went wrong for each
 */
export async function programs(
  toolchain: Toolchain,
  tools: Tool[],
  voice: Voice,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const here = await Promise.all(tools.map(tool => find(toolchain, tool)))
  const missing = tools.filter((_, index) => !here[index])
  await requireClients(missing, tools)
  const brought = await bringAll(toolchain, missing, voice, signal)
  const found = [...here.filter(found => found !== undefined), ...brought]
  return new Map(found.map(({ tool, program }) => [tool.name, program]))
}

/**
 * @param missing  what has to be brought
 * @param all      what is to be run
 */
async function requireClients(missing: Tool[], all: Tool[]): Promise<void> {
  const clients = await absent(missing.map(({ client }) => client))
  const runtimes = await absent(all.flatMap(({ runtime }) => runtime ?? []))
  const lines = [
    ...clients.map(client => missingClient(client, missing)),
    ...runtimes.map(runtime => missingRuntime(runtime, all)),
  ]
  if (lines.length > 0) throw new CliError('missing_client', lines.join('\n'))
}

async function absent<Needed extends Runtime>(needed: Needed[]): Promise<Needed[]> {
  const different = [...new Set(needed)]
  const areHere = await Promise.all(different.map(isHere))
  return different.filter((_, index) => !areHere[index])
}

/** Whether a client or a runtime is here, whole and new enough. */
export async function isHere({ file, check }: Runtime): Promise<boolean> {
  const { failed } = await execa(file, check, { reject: false, stdin: 'ignore', timeout: 20_000 })
  return !failed
}

/** What to say and to do about a client that is missing, for tools of which some need it. */
export function missingClient(client: Client, tools: Tool[]): string {
  const brought = tools.filter(tool => tool.client === client)
  const names = namesOf(brought)
  const elsewhere = brought.every(({ versionOf }) => versionOf) ? `, or put ${names} on the PATH` : ''
  return `${client.title} is missing, which brings ${names}. ${client.cure}${elsewhere}.`
}

/** The same about what runs them. */
export function missingRuntime(runtime: Runtime, tools: Tool[]): string {
  const names = namesOf(tools.filter(tool => tool.runtime === runtime))
  return `${runtime.title} is missing, which runs ${names}. ${runtime.cure}.`
}

function namesOf(tools: Tool[]): string {
  return tools.map(({ title, version }) => `${title} ${version}`).join(', ')
}

async function bringAll(
  toolchain: Toolchain,
  tools: Tool[],
  voice: Voice,
  signal: AbortSignal,
): Promise<Found[]> {
  const waiting = new Set(tools.map(({ title, version }) => `${title} ${version}`))
  for (const { title, version, size } of tools) voice.progress(`Bringing ${title} ${version} … ${size}`)
  const remind = reminder(patience, voice.progress)
  const timer = setInterval(() => remind(() => [...waiting].join(', ')), patience / 4)
  try {
    const outcomes = await Promise.allSettled(
      tools.map(tool =>
        bring(toolchain, tool, voice, signal).finally(() => waiting.delete(`${tool.title} ${tool.version}`)),
      ),
    )
    signal.throwIfAborted()
    const failures = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    if (failures.length > 0) throw asOne(failures)
    return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  } finally {
    clearInterval(timer)
  }
}

/** What went wrong, all of it; an error that nobody foresaw is thrown as it is. */
function asOne(errors: unknown[]): unknown {
  const unforeseen = errors.find(error => !(error instanceof CliError))
  if (unforeseen) return unforeseen
  return new CliError('tool_failed', errors.map(error => (error as CliError).message).join('\n'))
}
