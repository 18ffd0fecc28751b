import { CliError } from '../cli-error.ts'
import { composeCommand, shownRun } from './client.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'
import { exclusively } from './exclusively.ts'

/** Stops and removes everything that was started here. The token stays, in its volume. */
export async function down(docker: Docker, signal: AbortSignal): Promise<void> {
  await exclusively(docker, signal, async () => {
    const [first] = await containers(docker)
    if (!first) return docker.voice.say('Nothing is running.')
    await remove(docker, first.chapter)
    docker.voice.say(`Chapter ${first.chapter} is down.`)
  })
}

/** What has begun is finished: a signal does not stop it half-way. */
export async function remove(docker: Docker, chapter: string): Promise<void> {
  const command = composeCommand(docker, chapter, ['down', '--remove-orphans'])
  const { failed, complaint } = await shownRun(docker, command)
  if (failed) throw new CliError('tool_failed', `docker compose down failed:\n${complaint}`)
}
