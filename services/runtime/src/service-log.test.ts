import { afterEach, expect, test, vi } from 'vitest'
import { serviceLog, startRequest } from './service-log.ts'

afterEach(() => vi.unstubAllEnvs())

test('only who is told how much may wait logs requests', () => {
  expect(serviceLog('add')).not.toHaveProperty('request')
  vi.stubEnv('LOG_BUFFER', '65536')
  vi.stubEnv('LOG_FLUSH', '250')
  expect(serviceLog('add')).toHaveProperty('request')
})

test.each([
  ['LOG_BUFFER', '1MiB'],
  ['LOG_FLUSH', '0'],
])('%s=%s is no setting', (name, value) => {
  vi.stubEnv('LOG_BUFFER', '65536')
  vi.stubEnv('LOG_FLUSH', '250')
  vi.stubEnv(name, value)
  expect(() => serviceLog('add')).toThrow(`the setting ${name} is "${value}"; a whole number is expected`)
})

test('a request is measured in microseconds, from a time that everybody can read', async () => {
  const measured = startRequest()
  await new Promise(resolve => setTimeout(resolve, 20))
  const { start_time, duration_us } = measured()
  expect(start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(duration_us).toBeGreaterThan(15_000)
  expect(Number.isInteger(duration_us)).toBe(true)
})
