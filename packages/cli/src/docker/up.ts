import type { Chapter, Mesh, Pod } from '@hardway/compiler'
import { meshOf } from '@hardway/compiler/chapter'
import { CliError } from '../cli-error.ts'
import { commandLine } from '../native/command.ts'
import { reminder } from '../native/reminder.ts'
import type { UpOptions } from '../platform.ts'
import { ask, composeCommand, shownRun } from './client.ts'
import { configFiles, differing, makeReadable, outdated } from './config-files.ts'
import { type Container, containers, processesOf } from './containers.ts'
import { type Docker, publishedBy } from './docker.ts'
import { remove } from './down.ts'
import { exclusively } from './exclusively.ts'
import { bringImages } from './images.ts'
import { notReady } from './not-ready.ts'
import { requirePublishable } from './published.ts'

/** For those who wait, how often they hear what for, in milliseconds. */
const patience = 2_000

/**
 * Makes a chapter run, and returns when every process of it is ready. What runs already stays untouched.
 * @throws CliError; then everything that this call started is stopped again
 */
export async function up(
  docker: Docker,
  chapter: Chapter,
  mesh: Mesh,
  pods: Pod[],
  { without, signal }: UpOptions,
): Promise<void> {
  const { root, voice } = docker
  const names = pods.flatMap(({ processes }) => processes.map(({ name }) => name))
  if (without !== undefined && !names.includes(without)) {
    throw new CliError(
      'unknown_name',
      `There is no process "${without}" to leave out. There are: ${names.join(', ')}.`,
    )
  }
  const wanted = names.filter(name => name !== without)
  await exclusively(docker, signal, () => bring())
  const stale = differing(docker, chapter, mesh)
  if (stale.length > 0) {
    voice.say(`mesh.yaml says something else than ${stale.join(', ')}. To write them anew: ./mesh configs`)
  }
  if (without) {
    const start = composeCommand(docker, chapter.slug, ['up', '--no-deps', without])
    voice.say(`${without} is left out. Start it by hand:`)
    voice.say(`  ${commandLine(start, root)}`)
  }

  async function bring(): Promise<void> {
    const before = await startedOf(docker, chapter.slug)
    const running = before.filter(container => container.running)
    if (!running.some(({ service }) => service.endsWith('-pod'))) {
      for (const address of publishedBy(docker, meshOf(mesh, chapter)))
        await requirePublishable(docker, address)
    }
    await bringImages(docker, chapter.slug, signal)
    makeReadable(docker, chapter)
    await stopOutdated(docker, configFiles(docker, chapter, pods), running)

    const missing = wanted.filter(name => !running.some(({ service }) => service === name))
    if (running.length > 0) for (const name of missing) voice.say(`${name} is not running: starting it.`)
    if (missing.length === 0) voice.say(`Chapter ${chapter.slug} is running already.`)
    if (running.some(({ service }) => service === without)) voice.say(`Stopping ${without}: it is left out.`)

    try {
      await composeUp(docker, chapter.slug, wanted, without, signal)
    } catch (error) {
      await undo(docker, chapter.slug, before).catch(({ message }: Error) => voice.say(message))
      throw error
    }
  }
}

/** The containers of this chapter; another one is stopped. */
async function startedOf(docker: Docker, chapter: string): Promise<Container[]> {
  const all = await containers(docker)
  const other = all.find(container => container.chapter !== chapter)
  if (!other) return all
  docker.voice.say(`Chapter ${other.chapter} is running: stopping it first.`)
  await remove(docker, other.chapter)
  return []
}

async function stopOutdated(docker: Docker, files: Map<string, string>, running: Container[]): Promise<void> {
  const old = outdated(files, running)
  for (const { service } of old) docker.voice.say(`Stopping ${service}: it has other settings now.`)
  if (old.length > 0) await ask(docker, ['stop', ...old.map(({ id }) => id)])
}

async function composeUp(
  docker: Docker,
  chapter: string,
  wanted: string[],
  without: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const options = ['--detach', '--wait', ...(without ? ['--scale', `${without}=0`] : [])]
  const command = composeCommand(docker, chapter, ['--progress', 'plain', 'up', ...options])
  const waiting = new Set(wanted)
  const remind = reminder(patience, docker.voice.progress)
  const timer = setInterval(() => remind(() => `${[...waiting].join(', ')} to be ready`), patience / 4)
  const onLine = (line: string) => {
    const [, name] = /^ ?Container (\S+) {2}Healthy/.exec(line) ?? []
    if (name) waiting.delete(name.slice(docker.project.length + 1, -'-1'.length))
  }
  try {
    const { failed, complaint } = await shownRun(docker, command, { signal, onLine })
    if (failed) throw await notReady(docker, wanted, complaint)
  } finally {
    clearInterval(timer)
  }
}

/** Stops what runs now, and did not before. Containers that another call made are left to it. */
async function undo(docker: Docker, chapter: string, before: Container[]): Promise<void> {
  if (before.length === 0) return remove(docker, chapter)
  const ran = before.filter(({ running }) => running).map(({ id }) => id)
  const added = (await containers(docker)).filter(({ id, running }) => running && !ran.includes(id))
  const processes = processesOf(added).map(({ id }) => id)
  if (processes.length > 0) await ask(docker, ['stop', ...processes])
}
