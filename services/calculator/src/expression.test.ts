import { expect, test } from 'vitest'
import { type Expression, limits, parseExpression } from './expression.ts'

/** The tree with every pair of operands in brackets, and each operation's step. */
function show(node: Expression): string {
  return 'operation' in node
    ? `[${show(node.a)} ${node.operation}#${node.step} ${show(node.b)}]`
    : node.toFixed()
}

test.each([
  ['7', '7'],
  ['-7', '-7'],
  ['1+2-3', '[[1 add#0 2] subtract#1 3]'],
  ['1 - 2 * 3', '[1 subtract#1 [2 multiply#0 3]]'],
  ['2 * (3 + 4) - 5', '[[2 multiply#1 [3 add#0 4]] subtract#2 5]'],
  ['\t2\n*\r-3 ', '[2 multiply#0 -3]'],
  ['1--2', '[1 subtract#0 -2]'],
  ['-(1+2)', '[0 subtract#1 [1 add#0 2]]'],
  ['((((5))))', '5'],
])('reads %j', (text, tree) => {
  expect(show(parseExpression(text))).toBe(tree)
})

test.each([
  ['', 'it ends where a number or a parenthesis is expected'],
  ['1 +', 'it ends where'],
  ['(1 + 2', 'a closing parenthesis is missing at its end'],
  ['1 + 2)', '")" at character 6 is not expected there'],
  ['1/2', '"/" at character 2: this calculator only adds, subtracts and multiplies'],
  ['2 ** 3', '"*" at character 4 is not expected there'],
  ['2 3', '"3" at character 3 is not expected there'],
  ['NaN', '"N" at character 1'],
  ['1e999', '"e" at character 2'],
  ['\0', '"\\u0000" at character 1'],
  ['1 + 😀', '"😀" at character 5'],
  ['1.2.3', 'the number at character 1 is not a decimal'],
  [`1+${'9'.repeat(257)}`, 'the number at character 3 has 257 characters'],
])('says what is wrong with %j', (text, message) => {
  expect(() => parseExpression(text)).toThrow(message)
})

const nested = (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`
const sum = (operations: number) => `1${'+1'.repeat(operations)}`

test('takes an expression at each limit, and none past it', () => {
  expect(parseExpression(nested(limits.depth))).toBeDefined()
  expect(() => parseExpression(nested(limits.depth + 1))).toThrow('more than 64 levels')
  expect(() => parseExpression('-'.repeat(limits.depth + 1).concat('(1)'))).toThrow('more than 64 levels')
  expect(parseExpression(sum(limits.operations))).toBeDefined()
  expect(() => parseExpression(sum(limits.operations + 1))).toThrow('more than 256 operations')
  expect(parseExpression(`1${' '.repeat(limits.length - 1)}`)).toBeDefined()
  expect(() => parseExpression(`1${' '.repeat(limits.length)}`)).toThrow('it has 4097 characters')
})
