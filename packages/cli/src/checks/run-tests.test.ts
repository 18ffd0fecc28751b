import { expect, test } from 'vitest'
import { root } from '../root.ts'
import { summary, total } from './outcome.ts'
import { outcomeOf } from './run-tests.ts'

const file = (status: string, ...statuses: string[]) => ({
  name: `${root}/packages/a.test.ts`,
  status,
  assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
})

test('counts tests', () => {
  const outcome = outcomeOf({
    success: false,
    testResults: [file('passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')],
  })
  expect(outcome).toEqual({ passed: 2, skipped: 1, failures: ['packages/a.test.ts: test 1'] })
})

test.each([
  [
    'a file that cannot be loaded',
    { success: false, testResults: [file('passed', 'passed'), file('failed')] },
  ],
  ['an error outside of any test', { success: false, testResults: [file('passed', 'passed')] }],
  ['no test at all', { success: true, testResults: [] }],
  ['nothing but tests that are left out', { success: true, testResults: [file('passed', 'skipped')] }],
])('%s is a failure', (_, report) => {
  expect(outcomeOf(report).failures).toHaveLength(1)
})

test('sums up in one line', () => {
  const outcomes = [
    { passed: 2, skipped: 0, failures: [] },
    { passed: 1, skipped: 0, failures: ['this'] },
  ]
  expect(summary(total(outcomes))).toBe('3 passed, 1 failed')
  expect(summary({ passed: 3, skipped: 1, failures: [] })).toBe('3 passed, 0 failed, 1 skipped')
})
