import { expect, test } from 'vitest'
import { accessLogArguments } from './access-log-arguments.ts'

test('Envoy counts in whole milliseconds, and 0 would be none', () => {
  const flush = (flush: string) => accessLogArguments({ logs: { flush, buffer: '1MiB' } })
  expect(flush('0.25s')).toEqual(['--file-flush-interval-msec', '250'])
  expect(flush('0.001s')).toEqual(['--file-flush-interval-msec', '1'])
  expect(accessLogArguments({})).toEqual([])
})
