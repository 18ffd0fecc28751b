import { expect, test } from 'vitest'
import { measured, median, noise, quantile, ratio } from './statistics.ts'

test('the median is in the middle, or between the two that are', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
})

test('a quantile lies between two values in proportion', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index)
  expect(quantile(values, 0)).toBe(0)
  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 1)).toBe(100)
  expect(quantile([10, 20], 0.75)).toBe(17.5)
})

test('a number is given with its spread', () => {
  expect(measured([5, 9, 4])).toEqual({ median: 5, least: 4, most: 9 })
})

test('a ratio is taken between neighbours: a machine that is slow for a while changes nothing', () => {
  expect(ratio([20, 200, 20], [10, 100, 10])).toBe(2)
})

test('the noise is the worst difference of a few runs of the same, whichever was the larger one', () => {
  expect(noise([100, 100], [100, 100])).toBe(0)
  expect(noise([100, 110], [100, 100])).toBeCloseTo(0.1)
  expect(noise([100, 100], [100, 110])).toBeCloseTo(0.1)
})

test.each([
  [6, 0],
  [8, 0],
  [9, 1],
  [12, 2],
])(
  'of %d runs the %d worst on either side are left out: the rest holds the median in 95 of 100 cases',
  (runs, out) => {
    const one = Array.from({ length: runs }, (_, index) => 1 + index / 100)
    const same = one.map(() => 1)
    expect(noise(one, same)).toBeCloseTo((runs - 1 - out) / 100)
  },
)
