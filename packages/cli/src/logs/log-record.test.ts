import { expect, test } from 'vitest'
import { logRecord } from './log-record.ts'

const read = (text: string) => logRecord({ process: 'add-envoy', text })
const envoy = {
  start_time: '2026-01-02T03:04:05.000678Z',
  request_id: 'one',
  workload: 'add',
  hop: 'inbound',
  status: 200,
}

test('knows when it began to the microsecond', () => {
  const start = Date.parse('2026-01-02T03:04:05Z') + 0.678
  expect(read(JSON.stringify(envoy))).toMatchObject({ ...envoy, start })
})

test('OPA says the same in its own frame', () => {
  const { start_time: timestamp, request_id, workload } = envoy
  const decision = {
    decision_id: 'x',
    timestamp,
    input: { request_id, workload },
    result: { allowed: false, rule: 'callers.allowed' },
    metrics: { timer_server_handler_ns: 1_112_037 },
  }
  expect(read(JSON.stringify(decision))).toMatchObject({
    request_id: 'one',
    workload: 'add',
    hop: 'opa',
    allowed: false,
    rule: 'callers.allowed',
    duration_us: 1112,
  })
})

test.each([
  ['text', '[2026-01-02][warning] no route'],
  ['JSON that breaks off', '{"request_id":'],
  ['JSON about something else', '{"level":"info","msg":"is ready"}'],
  ['a request that has no ID', JSON.stringify({ ...envoy, request_id: undefined })],
  ['a time that is none', JSON.stringify({ ...envoy, start_time: 'noon' })],
])('%s is no record', (_, text) => {
  expect(read(JSON.stringify(envoy))).toBeDefined()
  expect(read(text)).toBeUndefined()
})
