import { type Answer, answerOf, bearer } from '../grpc-call.ts'
import type { CallRequest } from '../platform.ts'
import type { Docker } from './docker.ts'
import { requireRunning, runThrowaway } from './throwaway.ts'

const program = `
import { text } from 'node:stream/consumers'
import { computeClient } from '@hardway/api'
const { service, address, a, b, timeout, svid, authorization } = JSON.parse(await text(process.stdin))
const client = computeClient(service, address, {}, svid)
client.compute({ a, b }, { deadline: Date.now() + timeout, authorization }, (error, result) => {
  console.log(JSON.stringify(error ? { code: error.code, details: error.details } : { value: result.value }))
  client.close()
})`

/**
 * Calls a service from a container that belongs to no pod.
 * @throws CliError `nothing_runs`, `call_failed`
 */
export async function call(docker: Docker, { token, ...request }: CallRequest): Promise<string> {
  const [first] = await requireRunning(docker)
  const input = { ...request, authorization: bearer(token) }
  const answer = await runThrowaway(docker, first, `${docker.project}_default`, program, input)
  return answerOf(answer as Answer)
}
