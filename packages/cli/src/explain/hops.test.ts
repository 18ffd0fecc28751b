import { expect, test } from 'vitest'
import { readMesh } from '../definition.ts'
import { type Hop, hopBetween, hopsOf } from './hops.ts'

const mesh = readMesh()

const short = ({ from = '', to, method, path }: Hop) => `${from} > ${to}: ${method} ${path}`
const hops = (method: string, path: string, body?: string) => hopsOf(mesh, { method, path, body }).map(short)
const compute = (operation: string, service: string) =>
  `calculator > ${operation}: POST /calculator.v1.${service}/Compute`

test('an operation is asked for at the gateway, at the calculator, and where it is', () => {
  expect(hops('GET', '/multiply?a=6&b=7')).toEqual([
    ' > gateway: GET /multiply?a=6&b=7',
    'gateway > calculator: GET /multiply?a=6&b=7',
    compute('multiply', 'Multiply'),
  ])
})

test.each([
  ['GET', '/divide'],
  ['GET', '/multiply/'],
  ['POST', '/multiply'],
  ['GET', '/evaluate'],
])('for %s %s the calculator asks nobody', (method, path) => {
  expect(hops(method, path, '{"expression":"2*3"}').length).toBe(2)
})

test.each([
  ['2', []],
  ['2+3', [compute('add', 'Add')]],
  ['2*(3+4)-5', [compute('add', 'Add'), compute('multiply', 'Multiply'), compute('subtract', 'Subtract')]],
  ['2*3*4', [compute('multiply', 'Multiply')]],
  ['-(2)', [compute('subtract', 'Subtract')]],
])('the expression %s asks for each of its operations once, in order', (expression, operations) => {
  expect(hops('POST', '/evaluate', JSON.stringify({ expression })).slice(2)).toEqual(operations)
})

test.each(['', '{', '{}', '{"expression":7}', '{"expression":"2/3"}'])(
  'with the body %s there is no expression, and one is shown how it is written',
  body => {
    expect(() => hops('POST', '/evaluate', body)).toThrow(/would answer 400 .*\n.*--body '\{"expression"/)
  },
)

const between = (path: string, from?: string, to?: string) =>
  short(hopBetween(mesh, { method: 'GET', path }, from, to))

test('one call is of whom and to whom one says', () => {
  expect(between('/multiply', 'add', 'multiply')).toBe('add > multiply: POST /calculator.v1.Multiply/Compute')
  expect(between('/multiply', 'add')).toBe('add > multiply: POST /calculator.v1.Multiply/Compute')
  expect(between('/multiply', undefined, 'add')).toBe(compute('add', 'Add'))
  expect(between('/multiply', undefined, 'calculator')).toBe('gateway > calculator: GET /multiply')
  expect(between('/multiply', undefined, 'gateway')).toBe(' > gateway: GET /multiply')
  expect(between('/grpc.health.v1.Health/Check', undefined, 'add')).toBe(
    'calculator > add: GET /grpc.health.v1.Health/Check',
  )
})

test.each([
  ['divide', undefined],
  [undefined, 'divide'],
])('whoever is not there is told apart from who is: from %s to %s', (from, to) => {
  expect(() => between('/multiply', from, to)).toThrow(
    'There is no workload "divide". There are: gateway, calculator, add, subtract, multiply.',
  )
})
