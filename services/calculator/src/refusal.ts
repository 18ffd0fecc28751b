import type { OperationName } from '@hardway/api'
import { ProblemError } from './problem.ts'

/** More characters than any reason has that a policy gives. */
const longestReason = 300

/**
 * That an operation's policy says no to this person, with its reason.
 * @param message  of the gRPC status: the policy's own problem (RFC 9457), if it is a policy that refuses
 */
export function refusal(operation: OperationName, message: string): ProblemError {
  const reason = reasonIn(message)
  return new ProblemError('forbidden', `The operation ${operation} refuses${reason ? `: ${reason}` : '.'}`)
}

/** Only what is surely a reason is passed on: whatever else it is, it was not meant for strangers. */
function reasonIn(message: string): string | undefined {
  try {
    const { type, detail } = JSON.parse(message) as Record<string, unknown>
    const isReason =
      type === 'https://hardway.test/problems/forbidden' &&
      typeof detail === 'string' &&
      detail.length <= longestReason
    return isReason ? detail : undefined
  } catch {
    return undefined // no problem, but some other text
  }
}
