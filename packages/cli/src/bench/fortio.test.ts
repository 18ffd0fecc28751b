import { expect, test } from 'vitest'
import { loadOf, microseconds, parseSent, type Report } from './fortio.ts'

/** As Fortio 1.68 writes it, without what nobody reads. */
const report: Report = {
  StartTime: '2026-11-21T08:08:46.084789913Z',
  ActualDuration: 1_031_185_484,
  ActualQPS: 96.97576386752162,
  NumThreads: 4,
  RetCodes: { '200': 100 },
  DurationHistogram: { Count: 100 },
  ErrorsDurationHistogram: { Count: 0 },
  SocketCount: 4,
}

test('the requests that warm connections up took processor time, too', () => {
  expect(loadOf(report, 4)).toEqual({ requests: 104, seconds: 1.031185484, rate: 96.97576386752162 })
})

test.each([
  ['another status', { RetCodes: { '200': 99, '503': 1 }, ErrorsDurationHistogram: { Count: 1 } }],
  ['a connection that broke', { RetCodes: { '-1': 1, '200': 99 } }],
  ['a connection that was opened again', { SocketCount: 5 }],
  ['no answer at all', { RetCodes: {}, DurationHistogram: { Count: 0 } }],
  ['fewer connections than were asked for', { NumThreads: 3, SocketCount: 3 }],
])('%s fails the run', (_, wrong) => {
  expect(() => loadOf({ ...report, ...wrong }, 4)).toThrow('Not every request was answered with 200')
})

test('reads a line of the list of requests', () => {
  const line =
    '{"latency":0.000167,"timestamp":1795248526084878648,"thread":3,"iter":7,"ok":true,"details":"200"}'
  const { connection, number, sent, took } = parseSent(line)
  expect({ connection, number }).toEqual({ connection: 3, number: 7 })
  expect(took).toBeCloseTo(167)
  expect(sent / 1e6).toBeCloseTo(1_795_248_526.084_879, 5)
})

test.each([
  ['2026-11-21T08:08:46.084789913Z', 84_789.913],
  ['2026-11-21T08:08:46.5Z', 500_000],
  ['2026-11-21T08:08:46Z', 0],
  ['2026-11-21T10:08:46.25+02:00', 250_000],
])('a time of Go, %s, is read to the microsecond', (time, fraction) => {
  expect(microseconds(time) - Date.UTC(2026, 10, 21, 8, 8, 46) * 1000).toBeCloseTo(fraction, 0)
})
