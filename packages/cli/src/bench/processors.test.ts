import { expect, test } from 'vitest'
import { choose, chooseProcessors, numbersOf, processorTime, shareOfOthers } from './processors.ts'

test("reads the kernel's lists", () => {
  expect(numbersOf('0-3,8')).toEqual([0, 1, 2, 3, 8])
  expect(numbersOf('5')).toEqual([5])
})

test('the load gets another core, not the other half of the same one', () => {
  const pairs = (processor: number) => [processor % 2, (processor % 2) + 2]
  expect(choose([0, 1, 2, 3], pairs)).toMatchObject({ measured: 0, load: 3, shareCore: false })
  expect(choose([0, 2], pairs)).toMatchObject({ measured: 0, load: 2, shareCore: true })
  expect(choose([1, 3, 4], () => [1])).toMatchObject({ measured: 1, load: 4, shareCore: false })
})

test('with one processor nothing can be measured', () => {
  expect(() => choose([0], () => [0])).toThrow('Two processors are needed')
})

test('reads what this machine has, and how busy it was', () => {
  const { allowed } = chooseProcessors()
  const { all, busy } = processorTime(allowed[0]!)
  expect(busy).toBeGreaterThan(0)
  expect(busy).toBeLessThanOrEqual(all)
})

test('what a processor did for nobody of ours it did for others', () => {
  const before = { all: 1_000, busy: 500 }
  expect(shareOfOthers(before, { all: 2_000, busy: 1_100 }, 400)).toBeCloseTo(0.2)
  expect(shareOfOthers(before, { all: 2_000, busy: 1_100 }, 650)).toBe(0) // the two do not count alike
  expect(shareOfOthers(before, before, 0)).toBe(0)
})
