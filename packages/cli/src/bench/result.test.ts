import { expect, test } from 'vitest'
import { type Result, resultText } from './result.ts'
import { sample } from './result-sample.ts'

test('a result is read back as it was, but for digits that no measurement has', () => {
  const back: Result = JSON.parse(resultText(sample))
  expect(resultText(back)).toBe(resultText(sample))
  expect({ ...back, subjects: [] }).toEqual({ ...sample, subjects: [] })
  expect(back.subjects[1]!.runs[0]!.saturated.cpu).toEqual({ gateway: 100, add: 400, 'add-envoy': 100 })
  expect(back.subjects[1]!.runs[0]!.saturated.rate).toBeCloseTo(1_666.67)
})

test('each run is a line', () => {
  const lines = resultText(sample).split('\n')
  expect(lines.filter(line => line.includes('"saturated":{"requests"'))).toHaveLength(8)
})
