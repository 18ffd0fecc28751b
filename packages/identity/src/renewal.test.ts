import fc from 'fast-check'
import { expect, test } from 'vitest'
import { credentialState, renewalTime } from './renewal.ts'

const noon = Date.parse('2026-06-01T12:00:00Z')
const at = (minutes: number) => new Date(noon + minutes * 60_000)
const hour = { notBefore: at(0), notAfter: at(60) }

test('renews at half of the life, a tenth of that sooner or later', () => {
  expect(renewalTime(hour, () => 0)).toEqual(at(27))
  expect(renewalTime(hour, () => 0.5)).toEqual(at(30))
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), random => {
      const minutes = (renewalTime(hour, () => random).getTime() - noon) / 60_000
      expect(minutes).toBeGreaterThanOrEqual(27)
      expect(minutes).toBeLessThanOrEqual(33)
    }),
  )
})

test.for([
  [-1, 'not_yet_valid'],
  [0, 'fresh'],
  [29.9, 'fresh'],
  [30, 'due'],
  [39.9, 'due'],
  [40, 'warn'],
  [60, 'warn'],
  [60.1, 'expired'],
] as const)('after %d minutes of 60 it is %s', ([minutes, state]) => {
  expect(credentialState(hour, at(30), at(minutes))).toBe(state)
})

test('at a time that is none it is expired', () => {
  expect(credentialState(hour, at(30), new Date(Number.NaN))).toBe('expired')
})
