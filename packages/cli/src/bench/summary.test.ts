import { expect, test } from 'vitest'
import { sample } from './result-sample.ts'
import { summarize } from './summary.ts'

const { kinds, rows, comparisons, noise, measuredTwice } = summarize(sample)
const compared = (of: string, to: string) =>
  comparisons.find(comparison => comparison.of === of && comparison.to === to)!.factors

test('processor time is summed by kind of process, and given with its spread', () => {
  expect(kinds).toEqual(['application', 'Envoy'])
  expect(rows[0]!.byKind).toEqual({ application: { median: 52, least: 50, most: 54 } })
  expect(rows[1]!.byKind).toMatchObject({ application: { median: 400 }, Envoy: { median: 200 } })
  expect(rows[1]!.cpu.median).toBe(600)
  expect(rows[1]!.byProcess['add-envoy']!.median).toBe(100)
})

test('memory is given by pod', () => {
  expect(rows[1]!.memory).toEqual({
    gateway: { own: 15, resident: 66 },
    add: { own: 15, resident: 66 },
  })
})

test('the noise is what two runs of the same chapter differed by', () => {
  expect(measuredTwice).toBe('03-envoy')
  expect(noise['data path']).toBeCloseTo(0.05)
  expect(noise.Envoy).toBeCloseTo(0.05)
})

test('a chapter is compared with the one before', () => {
  expect(compared('03-envoy', '01-monolith')['data path']!.value).toBeCloseTo(600 / 52, 0)
  expect(compared('03-envoy', '01-monolith')['data path']!.isClaimed).toBe(true)
})

test('what one of the two does not have is not compared', () => {
  expect(compared('03-envoy', '01-monolith').Envoy).toBeUndefined()
})

test('ours is given as so many times the baseline; no difference below the noise is claimed', () => {
  const factors = compared('03-envoy', 'plain')
  expect(factors.Envoy).toEqual({ value: 1.25, isClaimed: true })
  expect(factors.application).toEqual({ value: 1, isClaimed: false })
})
