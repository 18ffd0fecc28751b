import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { journey, type Step } from './journey.ts'
import type { LogRecord } from './log-record.ts'
import { showJourney, showMessage, showRecord } from './show.ts'

const id = (name: string) => `spiffe://hardway.test/${name}`

/**
 * @param start     in milliseconds
 * @param duration  likewise
 */
function record(
  workload: string,
  hop: LogRecord['hop'],
  start: number,
  duration: number,
  more: Partial<LogRecord> = {},
): LogRecord {
  return { workload, hop, start, duration_us: duration * 1000, request_id: 'one', status: 200, ...more }
}

/** What the three of an operation write when calculator calls it. */
const call = (name: string, start: number, duration: number): LogRecord[] => [
  record('calculator', 'outbound', start, duration, { upstream: id(name), grpc_status: 'OK' }),
  record(name, 'inbound', start + 1, duration - 2, { peer: id('calculator'), grpc_status: 'OK' }),
  record(name, 'application', start + 2, duration - 4, { grpc_status: 'OK' }),
]

const front = [
  record('gateway', 'gateway', 0, 100, { upstream: id('calculator'), path: '/evaluate', method: 'POST' }),
  record('calculator', 'inbound', 1, 98, { peer: id('gateway'), person: id('client/bob') }),
  record('calculator', 'application', 2, 96),
]

/** A tree without its details: `gateway(calculator inbound(…))`. */
function outline(steps: Step[]): string {
  return steps
    .map(({ record: { workload, hop, start }, within }) => {
      const inner = within.length > 0 ? `(${outline(within)})` : ''
      return `${workload} ${hop} ${start}${inner}`
    })
    .join(' ')
}

test('each part stands in the one that caused it, in the order of their beginnings, however the lines came', () => {
  const records = [...front, ...call('multiply', 5, 20), ...call('add', 40, 20)]
  const expected =
    'gateway gateway 0(calculator inbound 1(calculator application 2(' +
    'calculator outbound 5(multiply inbound 6(multiply application 7)) ' +
    'calculator outbound 40(add inbound 41(add application 42)))))'
  expect(outline(journey(records))).toBe(expected)
  expect(outline(journey(records.toReversed()))).toBe(expected)
})

test('calls of the same operation, at the same time or one after the other, keep their answers apart', () => {
  const together = journey([...front, ...call('add', 5, 20), ...call('add', 6, 20), ...call('add', 50, 9)])
  expect(outline(together[0]!.within[0]!.within[0]!.within)).toBe(
    'calculator outbound 5(add inbound 6(add application 7)) ' +
      'calculator outbound 6(add inbound 7(add application 8)) ' +
      'calculator outbound 50(add inbound 51(add application 52))',
  )
})

test('what OPA denied stands where it was asked', () => {
  const steps = journey([
    record('gateway', 'gateway', 0, 5, { allowed: false }),
    record('gateway', 'opa', 1, 0, { allowed: false }),
  ])
  expect(outline(steps)).toBe('gateway gateway 0(gateway opa 1)')
})

test('what nobody here caused stands for itself, so that no line is lost', () => {
  const [, ...withoutGateway] = front
  expect(outline(journey(withoutGateway))).toBe('calculator inbound 1(calculator application 2)')
  expect(outline(journey(call('add', 5, 20).slice(1)))).toBe('add inbound 6(add application 7)')
})

test('the tree is indented, and its columns stand below each other', () => {
  const lines = showJourney(journey(front)).split('\n')
  expect(lines).toEqual([
    'gateway               POST /evaluate  200  100.00 ms',
    '  calculator inbound                  200   98.00 ms  from gateway, for client/bob',
    '    calculator                        200   96.00 ms',
  ])
})

test('a failure is told in words', () => {
  const failed = record('calculator', 'outbound', 0, 1, {
    status: 200,
    grpc_status: 'UNAVAILABLE',
    path: '/calculator.v1.Add/Compute',
    response_flags: 'UF',
    details: 'upstream_reset_before_response_started{remote_connection_failure}',
  })
  expect(showJourney([{ record: failed, within: [] }])).toBe(
    'calculator outbound  /calculator.v1.Add/Compute  UNAVAILABLE  1.00 ms  UF: no connection to the upstream: nobody ' +
      'listens, or TLS failed; upstream_reset_before_response_started{remote_connection_failure}',
  )
})

test('a denial is told by its rule, and the flag that only repeats it is not; so is what a candidate would do', () => {
  const denied = record('gateway', 'gateway', 0, 1, {
    ...{ method: 'GET', path: '/multiply', status: 403, response_flags: 'UAEX', details: 'ext_authz_denied' },
    ...{ allowed: false, rule: 'operations.allowed', reason: 'client/bob may not multiply' },
    dry_run: { allowed: true, rule: 'operations.allowed' },
  })
  expect(showJourney([{ record: denied, within: [] }])).toBe(
    'gateway  GET /multiply  403  1.00 ms  denied by operations.allowed: client/bob may not multiply; ' +
      'the candidate would have allowed',
  )
})

test('who follows a log sees when, who, what, how, and by which ID to go on', () => {
  const record: LogRecord = {
    ...{ start: Date.parse('2026-01-02T03:04:05.678Z'), request_id: 'one', workload: 'add', hop: 'inbound' },
    ...{
      method: 'POST',
      path: '/calculator.v1.Add/Compute',
      status: 200,
      grpc_status: 'OK',
      duration_us: 1234,
    },
    ...{ peer: id('calculator'), person: id('client/bob'), allowed: true, rule: 'operations.allowed' },
  }
  expect(stripVTControlCharacters(showRecord(record))).toBe(
    '03:04:05.678  add inbound          /calculator.v1.Add/Compute  OK  1.23 ms  from calculator, for client/bob; ' +
      'allowed  one',
  )
})

test('what is about no request is shown by its text', () => {
  const ready = { level: 'info', time: '2026-01-02T03:04:05.678Z', workload: 'add', msg: 'is ready' }
  expect(stripVTControlCharacters(showMessage('add', ready))).toBe(
    '03:04:05.678  add                  info  is ready',
  )
})
