import { expect, test } from 'vitest'
import { apart, bare, commented, flow, from, notesOf, paragraph, plain } from './annotated.ts'

test('notes add up, and the value stays what it is', () => {
  const value = commented(flow(from(['sidecars'], { a: 1 })), 'why')
  expect(notesOf(value)).toEqual({ comment: 'why', flow: true, source: ['sidecars'] })
  expect(bare(value)).toEqual({ a: 1 })
})

test('the plain value has no notes at any depth', () => {
  const value = apart({ list: [commented(1, 'one'), flow([from([], 2)])], ...paragraph('more', { b: null }) })
  expect(plain(value)).toEqual({ list: [1, [2]], b: null })
})
