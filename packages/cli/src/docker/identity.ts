import type { Chapter } from '@hardway/compiler'
import type { Command } from '../native/command.ts'
import { composeCommand, dockerCommand } from './client.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'
import { bringImages } from './images.ts'

const program = ['node', 'services/identity/src/main.ts']

/** Runs the program of the identity service: in its container, or else in one that is made for it. */
export async function identityCommand(docker: Docker, { slug }: Chapter, args: string[]): Promise<Command> {
  const all = await containers(docker)
  const running = all.find(({ service, running }) => service === 'identity' && running)
  if (running) return dockerCommand(['exec', '--interactive', running.id, ...program, ...args])
  await bringImages(docker, slug, new AbortController().signal)
  const run = ['--progress', 'quiet', 'run', '--rm', '--no-TTY', '--no-deps'] // what Compose creates is not the answer
  return composeCommand(docker, slug, [...run, 'identity', ...args])
}
