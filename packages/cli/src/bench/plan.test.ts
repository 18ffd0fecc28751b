import { expect, test } from 'vitest'
import { duration, fullPlan, order, quickPlan } from './plan.ts'

test('every second round goes backwards, so that nobody is always the one after the heaviest', () => {
  const subjects = order(4, 3).map(({ subject }) => 'ABC'[subject])
  expect(subjects.join('')).toBe('ABCCBAABCCBA')
  expect(order(4, 3).map(({ round }) => round)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
})

test('what is published is measured at least five times, and as often forwards as backwards', () => {
  expect(fullPlan.rounds).toBeGreaterThanOrEqual(5)
  expect(fullPlan.rounds % 2).toBe(0)
  expect(quickPlan.rounds % 2).toBe(0)
})

test('the short form takes less than two minutes for three chapters, one of them twice, and two baselines', () => {
  expect(duration(quickPlan, 6)).toBeLessThan(120)
  expect(duration(fullPlan, 6)).toBeLessThan(600)
})

test('no connection is still busy when its next request is due, unless an answer takes a tenth of a second', () => {
  for (const { fixed } of [fullPlan, quickPlan]) expect(fixed.connections / fixed.rate).toBeGreaterThan(0.1)
})
