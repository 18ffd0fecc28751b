import { expect, test } from 'vitest'
import { latenciesOf, type Sent } from './latency.ts'

/** One connection, ten requests a second for two seconds: the first is due at 0, the last when the time is over. */
const timetable = { start: 0, connections: 1, rate: 10, each: 20 }
const due = (number: number) => 100_000 * (number + number / 19)

function requests(took: (number: number) => number): Sent[] {
  let free = 0
  return Array.from({ length: 20 }, (_, number) => {
    const sent = Math.max(due(number), free)
    free = sent + took(number)
    return { connection: 0, number, sent, took: took(number) }
  })
}

test('a request that leaves in time counts from when it was sent', () => {
  const { p50, p999 } = latenciesOf(
    requests(() => 2_000),
    timetable,
  )
  expect(p50).toBeCloseTo(2)
  expect(p999).toBeCloseTo(2)
})

test('a request that leaves somewhat late, though its connection was free, counts from when it was sent', () => {
  const late = requests(() => 2_000).map(request => ({ ...request, sent: request.sent + 500 }))
  expect(latenciesOf(late, timetable).p50).toBeCloseTo(2)
})

test('after a pause of a second the requests that had to wait count from when they were due', () => {
  const paused = requests(number => (number === 5 ? 1_000_000 : 1_000))
  const { p50, p90 } = latenciesOf(paused, timetable)
  const naive = paused.map(({ took }) => took).toSorted((a, b) => a - b)
  expect(naive[18]).toBe(1_000) // all but one look fast if they count from when they were sent
  expect(p50).toBeGreaterThan(1)
  expect(p90).toBeGreaterThan(700)
})

test('the order of the list does not matter', () => {
  const paused = requests(number => (number === 5 ? 1_000_000 : 1_000))
  expect(latenciesOf(paused.toReversed(), timetable)).toEqual(latenciesOf(paused, timetable))
})
