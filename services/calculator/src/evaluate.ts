import { type Decimal, longestOperand, type OperationName } from '@hardway/api'
import type { BinaryOperation, Expression } from './expression.ts'
import type { OperationCall, Operations } from './operations.ts'
import { ProblemError } from './problem.ts'

/** One operation of an expression, done. */
export interface Step {
  operation: OperationName
  a: string
  b: string
  result: string
}

/**
 * Computes an expression. Both sides of an operation are computed at the same time, so a sum of two products takes as
 * long as two operations, not three.
 * @returns the value, and the steps in the order in which a person would do them
 * @throws ProblemError  the first that any operation gives; no further operation is begun then
 */
export async function evaluate(
  expression: Expression,
  operations: Operations,
  call: OperationCall,
): Promise<{ value: Decimal; steps: Step[] }> {
  const steps: Step[] = []
  let failure: unknown
  return { value: await compute(expression), steps }

  async function compute(node: Expression): Promise<Decimal> {
    if (!isOperation(node)) return node
    const [a, b] = await Promise.all([operand(node.a), operand(node.b)])
    if (failure) throw failure
    try {
      const value = await operations[node.operation](a, b, call)
      steps[node.step] = {
        operation: node.operation,
        a: a.toFixed(),
        b: b.toFixed(),
        result: value.toFixed(),
      }
      return value
    } catch (error) {
      failure = error
      throw error
    }
  }

  /** A value that is about to be an operand; what an operation gave may be too long for that. */
  async function operand(node: Expression): Promise<Decimal> {
    const value = await compute(node)
    if (!isOperation(node)) return value
    const { length } = value.toFixed()
    if (length <= longestOperand) return value
    throw new ProblemError(
      'invalid-expression',
      `The expression cannot be computed: the result of step ${node.step + 1} has ${length} characters; ` +
        `an operand may have at most ${longestOperand}.`,
    )
  }
}

function isOperation(node: Expression): node is BinaryOperation {
  return 'operation' in node
}
