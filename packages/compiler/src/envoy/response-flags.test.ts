import { expect, test } from 'vitest'
import { meaningsOf } from './response-flags.ts'

test('flags have words, and one that nobody knows stays as it is', () => {
  expect(meaningsOf('-')).toEqual([])
  expect(meaningsOf('UT')).toEqual(['the upstream did not answer in time'])
  expect(meaningsOf('UF,XYZ')).toEqual([expect.stringContaining('no connection'), 'XYZ'])
})
