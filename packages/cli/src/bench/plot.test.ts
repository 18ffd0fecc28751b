import { expect, test } from 'vitest'
import { plot } from './plot.ts'
import { sample } from './result-sample.ts'
import { summarize } from './summary.ts'

const svg = plot(summarize(sample))
const rectangles = [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="22"/g)].map(
  match => match.slice(1).map(Number),
)

test('a bar has a part for each kind of process, as long as what it takes', () => {
  const [application, envoy] = rectangles.slice(1, 3)
  expect(envoy![2]! / application![2]!).toBeCloseTo(0.5, 1)
  expect(envoy![0]).toBeCloseTo(application![0]! + application![2]!, 0)
  expect(envoy![1]).toBe(application![1])
})

test('the second run of the same chapter is no bar', () => {
  expect(svg).not.toContain('03-envoy-again')
  expect(rectangles).toHaveLength(5)
})

test('its letters can be read on light and on dark', () => {
  expect(svg).toContain('@media (prefers-color-scheme: dark)')
  expect(svg).not.toMatch(/<text[^>]*fill=/)
})

test('a name can have any characters', () => {
  const [first, ...others] = sample.subjects
  const subjects = [{ ...first!, title: 'a < b & c' }, ...others]
  expect(plot(summarize({ ...sample, subjects }))).toContain('a &lt; b &amp; c')
})
