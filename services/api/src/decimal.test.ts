import { expect, test } from 'vitest'
import { longestOperand, parseDecimal } from './decimal.ts'

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['007', '7'],
  ['-12.50', '-12.5'],
  ['0.1', '0.1'],
  ['9'.repeat(256), '9'.repeat(256)],
])('reads %s', (text, plain) => {
  expect(parseDecimal(text).toFixed()).toBe(plain)
})

test('says that nothing is there', () => {
  expect(() => parseDecimal('')).toThrow('is empty')
})

test('counts characters that are too many', () => {
  expect(() => parseDecimal('1'.repeat(longestOperand + 1))).toThrow('has 257 characters; at most 256')
  expect(parseDecimal('1'.repeat(longestOperand + 1), 300).toFixed()).toHaveLength(257)
})

test.each([
  'NaN',
  '1e999',
  'Infinity',
  '+1',
  '.5',
  '5.',
  '1,5',
  ' 1',
  '1\n',
  '1\0',
  '0x1f',
  '١',
  '--1',
  '\u{1f600}',
])('refuses %j', text => {
  expect(() => parseDecimal(text)).toThrow('is not a decimal in plain notation')
})
