import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('counts a request by its operation and how it ended, and times it', async () => {
  const metrics = createMetrics()
  metrics.time('add')('OK')
  metrics.time('add')('OK')
  metrics.time('add')('INVALID_ARGUMENT')
  const text = await metrics.text()
  expect(text).toContain('calculator_request_duration_seconds_count{operation="add",status="OK"} 2\n')
  expect(text).toContain(
    'calculator_request_duration_seconds_count{operation="add",status="INVALID_ARGUMENT"} 1\n',
  )
  expect(text).toContain(
    'calculator_request_duration_seconds_bucket{le="2.5",operation="add",status="OK"} 2\n',
  )
})

test('two in one process do not mix', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.time('add')('OK')
  expect(await one.text()).toContain('operation="add"')
  expect(await other.text()).not.toContain('operation="add"')
})

test('tells how long the event loop was held up, since it was last asked', async () => {
  const metrics = createMetrics()
  const lag = async () => {
    const [, value] = /^nodejs_eventloop_lag_seconds\{quantile="1"\} (.*)$/m.exec(await metrics.text()) ?? []
    return Number(value)
  }
  const looked = () => setTimeout(400) // what looks every 100 ms has looked
  await looked()
  await lag() // forget how the test began
  await looked()
  const until = performance.now() + 600
  while (performance.now() < until); // hold it up
  await looked()
  expect(await lag()).toBeGreaterThan(0.4)
  await looked()
  expect(await lag()).toBeLessThan(0.4)
})
