import { CliError } from '../cli-error.ts'
import type { Command } from '../native/command.ts'
import { reminder } from '../native/reminder.ts'
import { composeCommand, dockerCommand, docker as run, shownRun } from './client.ts'
import type { Docker } from './docker.ts'

/** For those who wait, how often they hear that it goes on, in milliseconds. */
const patience = 2_000

/** The images of a chapter that are not here. */
async function missingImages(docker: Docker, chapter: string, signal: AbortSignal): Promise<string[]> {
  const { environment, args } = composeCommand(docker, chapter, ['config', '--images'])
  const { failed, stdout, complaint } = await run(docker, { environment, file: 'docker', args }, { signal })
  if (failed)
    throw new CliError('tool_failed', `deploy/${chapter}/compose.yaml cannot be read:\n${complaint}`)
  const names = [...new Set(stdout.split('\n'))].sort()
  const areHere = await Promise.all(names.map(name => isHere(docker, name)))
  return names.filter((_, index) => !areHere[index])
}

async function isHere(docker: Docker, image: string): Promise<boolean> {
  const { failed } = await run(docker, dockerCommand(['image', 'inspect', '--format', '{{.Id}}', image]))
  return !failed
}

/**
 * Brings the images of a chapter that are not here: the services' own is built, the others are pulled.
 * @throws CliError `missing_image`, with the command that does without an image registry
 */
export async function bringImages(docker: Docker, chapter: string, signal: AbortSignal): Promise<void> {
  const missing = await missingImages(docker, chapter, signal)
  await Promise.all(
    missing.map(image =>
      image.startsWith('hardway/')
        ? bring(docker, image, 'Building', composeCommand(docker, chapter, ['build']), signal)
        : bring(docker, image, 'Pulling', dockerCommand(['pull', image]), signal),
    ),
  )
}

async function bring(
  docker: Docker,
  image: string,
  doing: string,
  command: Command,
  signal: AbortSignal,
): Promise<void> {
  const { voice } = docker
  voice.progress(`${doing} ${image} …`)
  const remind = reminder(patience, voice.progress)
  const timer = setInterval(() => remind(() => image), patience / 4)
  try {
    const { failed, complaint } = await shownRun(docker, command, { signal })
    if (!failed) return
    throw new CliError(
      'missing_image',
      [
        `The image ${image} is not here, and ${doing === 'Pulling' ? 'cannot be pulled' : 'cannot be built'}:`,
        ...complaint.split('\n').map(line => `  ${line}`),
        'On a machine that reaches no image registry: ./mesh images --offline. Without Docker: --platform native',
      ].join('\n'),
    )
  } finally {
    clearInterval(timer)
  }
}
