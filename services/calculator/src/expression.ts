import { type Decimal, DecimalError, type OperationName, parseDecimal } from '@hardway/api'
import { ProblemError } from './problem.ts'

/** An expression as a tree. */
export type Expression = Decimal | BinaryOperation

export interface BinaryOperation {
  /** Its place among the operations, in the order in which a person would do them. */
  step: number
  operation: OperationName
  a: Expression
  b: Expression
}

/** What an expression may have at most: operations, levels of nesting, and characters. */
export const limits = { length: 4096, operations: 256, depth: 64 }

const sums: Record<string, OperationName> = { '+': 'add', '-': 'subtract' }
const products: Record<string, OperationName> = { '*': 'multiply' }

/**
 * Reads an expression such as `2 * (3 + 4) - 5`:
 *
 *     sum     = product { ("+" | "-") product }
 *     product = factor { "*" factor }
 *     factor  = decimal | "(" sum ")" | "-" factor
 *
 * `-3` is a number; `-(…)` is computed as `0 - (…)`.
 * @throws ProblemError `invalid-expression`, with the place counted in characters from 1
 */
export function parseExpression(text: string): Expression {
  if (text.length > limits.length) {
    throw invalid(`it has ${text.length} characters; at most ${limits.length} are allowed`)
  }
  let position = 0
  let operations = 0
  let depth = 0

  const expression = sum()
  if (next() !== '') throw unexpected()
  return expression

  function sum(): Expression {
    return chain(sums, product)
  }

  function product(): Expression {
    return chain(products, factor)
  }

  /** One or more operands with operations of the same rank between them, done from left to right. */
  function chain(rank: Record<string, OperationName>, operand: () => Expression): Expression {
    let result = operand()
    for (let operation = rank[next()]; operation; operation = rank[next()]) {
      position += 1
      result = binary(operation, result, operand())
    }
    return result
  }

  function factor(): Expression {
    const start = next()
    if (start === '(') {
      const inner = nested(sum)
      if (next() !== ')')
        throw next() === '' ? invalid('a closing parenthesis is missing at its end') : unexpected()
      position += 1
      return inner
    }
    if (start === '-' && !/\d/.test(text.charAt(position + 1))) {
      return binary('subtract', parseDecimal('0'), nested(factor))
    }
    return decimal()
  }

  function nested(inside: () => Expression): Expression {
    depth += 1
    if (depth > limits.depth) throw invalid(`it is nested more than ${limits.depth} levels deep`)
    position += 1
    const inner = inside()
    depth -= 1
    return inner
  }

  function decimal(): Decimal {
    const number = /-?[\d.]+/y
    number.lastIndex = position
    const [digits] = number.exec(text) ?? []
    if (digits === undefined) throw unexpected()
    try {
      const value = parseDecimal(digits)
      position += digits.length
      return value
    } catch (error) {
      if (!(error instanceof DecimalError)) throw error
      throw invalid(`the number at character ${position + 1} ${error.message}`)
    }
  }

  function binary(operation: OperationName, a: Expression, b: Expression): BinaryOperation {
    if (operations === limits.operations) throw invalid(`it has more than ${limits.operations} operations`)
    return { step: operations++, operation, a, b }
  }

  /** The character after any white space, or '' at the end. */
  function next(): string {
    while (/[ \t\r\n]/.test(text.charAt(position))) position += 1
    return text.charAt(position)
  }

  function unexpected(): ProblemError {
    const found = next() && String.fromCodePoint(text.codePointAt(position)!)
    const place = `at character ${position + 1}`
    if (found === '') return invalid('it ends where a number or a parenthesis is expected')
    if (found === '/') return invalid(`"/" ${place}: this calculator only adds, subtracts and multiplies`)
    return invalid(`${JSON.stringify(found)} ${place} is not expected there`)
  }
}

function invalid(detail: string): ProblemError {
  return new ProblemError('invalid-expression', `The expression cannot be computed: ${detail}.`)
}
