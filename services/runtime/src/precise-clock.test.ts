import { expect, test } from 'vitest'
import { preciseClock } from './precise-clock.ts'

function clocks() {
  const time = { wall: 1_000_000, steady: 0 }
  const now = preciseClock(
    () => Math.floor(time.wall),
    () => time.steady,
    1_000_000,
  )
  const pass = (wall: number, steady = wall) => {
    time.wall += wall
    time.steady += steady
  }
  return { now, pass }
}

test('it has the fractions that Date.now() does not have', () => {
  const { now, pass } = clocks()
  pass(0.25)
  expect(now()).toBe(1_000_000.25)
  pass(1.5)
  expect(now()).toBe(1_000_001.75)
})

test('it never goes back while both clocks go on', () => {
  const { now, pass } = clocks()
  let last = now()
  for (let step = 0; step < 1_000; step++) {
    pass(0.037)
    expect(now()).toBeGreaterThan(last)
    last = now()
  }
})

test('after the machine has slept it is right again', () => {
  const { now, pass } = clocks()
  pass(60_000, 0)
  expect(now()).toBeCloseTo(1_060_000.5)
  pass(0.25)
  expect(now()).toBeCloseTo(1_060_000.75)
})

test('by default it is the time', () => {
  const now = preciseClock()
  expect(Math.abs(now() - Date.now())).toBeLessThan(3)
})
