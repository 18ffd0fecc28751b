import { expect, test } from 'vitest'
import { bytes } from './size.ts'

test.each([
  ['1MiB', 1_048_576],
  ['256MiB', 268_435_456],
  ['2GiB', 2_147_483_648],
])('%s are %i bytes', (size, expected) => {
  expect(bytes(size)).toBe(expected)
})
