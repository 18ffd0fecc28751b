import type { AdminAnswer, AdminRequest } from '../platform.ts'
import type { Docker } from './docker.ts'
import { processNamed } from './process-named.ts'
import { requireRunning, runThrowaway } from './throwaway.ts'

const program = `
import { text } from 'node:stream/consumers'
const { url, method } = JSON.parse(await text(process.stdin))
const answer = await fetch(url, { method })
console.log(JSON.stringify({ status: answer.status, text: await answer.text() }))`

/**
 * Asks the admin of an Envoy, which is open inside its pod only: from a container that joins the pod's network.
 * @throws CliError `nothing_runs`, `unknown_name`, `tool_failed`
 */
export async function admin(docker: Docker, { name, url, method }: AdminRequest): Promise<AdminAnswer> {
  const [first] = await requireRunning(docker)
  const { id } = await processNamed(docker, name)
  return (await runThrowaway(docker, first, `container:${id}`, program, { url, method })) as AdminAnswer
}
