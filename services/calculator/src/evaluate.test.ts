import type { Decimal, OperationName } from '@hardway/api'
import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { parseExpression } from './expression.ts'
import type { Operations } from './operations.ts'

const call = { deadline: Number.POSITIVE_INFINITY, abandoned: new Set<() => void>() }

const exact: Operations = {
  add: (a, b) => a.plus(b),
  subtract: (a, b) => a.minus(b),
  multiply: (a, b) => a.times(b),
}

/** Operations that answer when they are told to. */
function onDemand() {
  const pending: { name: OperationName; answer: () => void; fail: (error: Error) => void }[] = []
  const defer = (name: OperationName) => (a: Decimal, b: Decimal) =>
    new Promise<Decimal>((resolve, fail) => {
      pending.push({ name, answer: () => resolve(exact[name](a, b, call)), fail })
    })
  const operations: Operations = {
    add: defer('add'),
    subtract: defer('subtract'),
    multiply: defer('multiply'),
  }
  const settled = () => new Promise(resolve => setImmediate(resolve))
  return { operations, pending, settled }
}

test('gives the value and the steps in the order of a person', async () => {
  const { value, steps } = await evaluate(parseExpression('2 * (3 + 4) - 0.5'), exact, call)
  expect(value.toFixed()).toBe('13.5')
  expect(steps).toEqual([
    { operation: 'add', a: '3', b: '4', result: '7' },
    { operation: 'multiply', a: '2', b: '7', result: '14' },
    { operation: 'subtract', a: '14', b: '0.5', result: '13.5' },
  ])
})

test('a number alone needs no operation', async () => {
  expect(await evaluate(parseExpression('0.10'), exact, call)).toMatchObject({ steps: [] })
})

test('independent subexpressions are computed at the same time', async () => {
  const { operations, pending, settled } = onDemand()
  const result = evaluate(parseExpression('(1 + 2) * (3 - 4)'), operations, call)
  await settled()
  expect(pending.map(({ name }) => name)).toEqual(['add', 'subtract'])
  pending[1]!.answer()
  pending[0]!.answer()
  await settled()
  expect(pending.map(({ name }) => name)).toEqual(['add', 'subtract', 'multiply'])
  pending[2]!.answer()
  const { steps } = await result
  expect(steps.map(({ operation }) => operation)).toEqual(['add', 'subtract', 'multiply'])
})

test('after a failure no further operation is begun', async () => {
  const { operations, pending, settled } = onDemand()
  const result = evaluate(parseExpression('(1 + 2) * (3 - 4 - 5)'), operations, call)
  const rejected = expect(result).rejects.toThrow('down')
  await settled()
  pending[0]!.fail(new Error('down'))
  await rejected
  pending[1]!.answer()
  await settled()
  expect(pending).toHaveLength(2)
})

test('a result that is too long to be an operand is named, and as the last result it is fine', async () => {
  const square = `${'9'.repeat(200)} * ${'9'.repeat(200)}`
  expect((await evaluate(parseExpression(square), exact, call)).value.toFixed()).toHaveLength(400)
  await expect(evaluate(parseExpression(`1 + ${square}`), exact, call)).rejects.toThrow(
    'the result of step 1 has 400 characters',
  )
})
