import { type Answer, answerOf } from '../grpc-call.ts'
import type { CallRequest } from '../platform.ts'
import type { Docker } from './docker.ts'
import { requireRunning, runThrowaway } from './throwaway.ts'

const program = `
import { computeClient } from '@hardway/api'
const [service, address, a, b, timeout] = process.argv.slice(1)
const client = computeClient(service, address)
client.compute({ a, b }, { deadline: Date.now() + Number(timeout) }, (error, result) => {
  console.log(JSON.stringify(error ? { code: error.code, details: error.details } : { value: result.value }))
  client.close()
})`

/**
 * Calls a service from a container that belongs to no pod.
 * @throws CliError `nothing_runs`, `call_failed`
 */
export async function call(
  docker: Docker,
  { service, a, b, address, timeout }: CallRequest,
): Promise<string> {
  const [first] = await requireRunning(docker)
  const args = [service, address, a, b, `${timeout}`]
  return answerOf((await runThrowaway(docker, first, `${docker.project}_default`, program, args)) as Answer)
}
