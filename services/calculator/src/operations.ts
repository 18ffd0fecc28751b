import type { Decimal, OperationName } from '@hardway/api'
import type { Span } from '@hardway/runtime'

/** What an operation is told besides its operands. */
export interface OperationCall {
  /** When the answer is of no more use, in milliseconds since 1970. */
  deadline: number
  /** What to call as soon as nobody waits for the answer any more. Far cheaper per request than an AbortSignal. */
  abandoned: Set<() => void>
  /** The person's own token, as an Authorization header has it: the operation decides on whose behalf it is asked. */
  authorization?: string
  /** By which every log knows the request; from chapter 07 on. */
  requestId?: string
  /** What is done for the request, in time; from chapter 09 on. */
  span?: Span | undefined
}

/**
 * a and b in, the result out, at once or later.
 * @throws ProblemError 502, 503 or 504 when the operation is somewhere else and does not answer as it should
 */
export type Operation = (a: Decimal, b: Decimal, call: OperationCall) => Decimal | Promise<Decimal>

/** The port of the calculator to what it calculates with: in-process in chapter 01, over the wire from 02 on. */
export type Operations = Record<OperationName, Operation>
