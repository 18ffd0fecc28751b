import { type ServiceError, status } from '@grpc/grpc-js'
import {
  computeClient,
  computeMethod,
  type Decimal,
  type OperationName,
  parseDecimal,
  type Result,
} from '@hardway/api'
import type { Span } from '@hardway/runtime'
import { unauthorized } from './bearer-token.ts'
import type { Operation } from './operations.ts'
import { ProblemError } from './problem.ts'
import { refusal } from './refusal.ts'

/** More characters than any result of two operands has. */
const longestResult = 1024

const options = {
  // By default grpc-js waits up to two minutes before it tries an operation that was down again.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': 4096,
  'grpc.enable_channelz': 0,
}

/**
 * An operation that runs in another process, over gRPC. The deadline travels on, and so does the client's giving up.
 * @param address  `host:port`
 */
export function remoteOperation(operation: OperationName, address: string): Operation {
  // The name, not the address: behind the address may be a proxy that chooses by name (RFC 9113 §8.3.1, :authority).
  const client = computeClient(operation, address, { ...options, 'grpc.default_authority': operation })
  const name = computeMethod(operation).path.slice(1)
  return (a, b, { deadline, abandoned, authorization, requestId, span }) =>
    new Promise((resolve, reject) => {
      const operands = { a: a.toFixed(), b: b.toFixed() }
      const own = span?.call(name, { 'rpc.system.name': 'grpc' })
      const options = { deadline, authorization, requestId, traceparent: own?.traceparent }
      const call = client.compute(operands, options, (error, result) => {
        abandoned.delete(cancel)
        endSpan(own, error)
        try {
          resolve(readResult(operation, error, result))
        } catch (problem) {
          reject(problem)
        }
      })
      const cancel = () => call.cancel()
      abandoned.add(cancel)
    })
}

/** To who calls, every status but OK is a failure. */
function endSpan(span: Span | undefined, error: ServiceError | null): void {
  const name = status[error?.code ?? status.OK]!
  span?.end({ 'rpc.response.status_code': name }, error ? name : undefined)
}

/** @throws ProblemError that names the operation, whatever else went wrong */
function readResult(operation: OperationName, error: ServiceError | null, result?: Result): Decimal {
  if (error) throw problemOf(operation, error)
  try {
    return parseDecimal(result?.value ?? '', longestResult)
  } catch {
    throw new ProblemError(
      'bad-upstream',
      `The operation ${operation} answered with something that is no decimal.`,
    )
  }
}

function problemOf(operation: OperationName, { code, details }: ServiceError): ProblemError {
  switch (code) {
    case status.DEADLINE_EXCEEDED:
      return new ProblemError('upstream-timeout', `The operation ${operation} did not answer in time.`)
    case status.UNAUTHENTICATED:
      return unauthorized(`The operation ${operation} does not accept this token: it may have just expired.`)
    case status.PERMISSION_DENIED:
      return refusal(operation, details)
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return new ProblemError('upstream-unavailable', `The operation ${operation} is not available.`)
    default:
      return new ProblemError('bad-upstream', `The operation ${operation} answered with ${status[code]}.`)
  }
}
