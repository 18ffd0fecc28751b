import { type ServiceError, status } from '@grpc/grpc-js'
import { computeClient } from '@hardway/api'
import { CliError } from './cli-error.ts'
import type { CallRequest } from './platform.ts'

/** What came of a gRPC call: a value, or a status with what it says. */
export type Answer = { value: string } | Pick<ServiceError, 'code' | 'details'>

/**
 * Calls a service over gRPC, from this process. The operands go out as they were typed: it is for the service to
 * judge them.
 * @throws CliError `call_failed`
 */
export async function grpcCall({
  service,
  a,
  b,
  address,
  timeout,
  svid,
  token,
}: CallRequest): Promise<string> {
  const client = computeClient(service, address, {}, svid)
  try {
    const answer = await new Promise<Answer>(resolve =>
      client.compute(
        { a, b },
        { deadline: Date.now() + timeout, authorization: bearer(token) },
        (error, result) => resolve(error ?? { value: result!.value }),
      ),
    )
    return answerOf(answer)
  } finally {
    client.close()
  }
}

export function bearer(token: string | undefined): string | undefined {
  return token === undefined ? undefined : `Bearer ${token}`
}

/** @throws CliError `call_failed` */
export function answerOf(answer: Answer): string {
  if ('value' in answer) return answer.value
  const line = answer.details.replaceAll('\n', ' ').replace(/ Resolution note:\s*$/, '') // grpc-js has none to tell
  throw new CliError('call_failed', `${status[answer.code]}: ${line}`)
}
