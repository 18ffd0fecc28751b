import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { apart, commented, flow, paragraph, plain, spaced, titled } from './annotated.ts'
import { yamlText } from './yaml-text.ts'

test('writes maps and lists as a person would', () => {
  expect(yamlText({ a: { b: 1 }, list: [{ c: 'x', d: ['*', true] }, 'y'], none: {}, empty: [] })).toBe(`a:
  b: 1
list:
- c: x
  d:
  - "*"
  - true
- y
none: {}
empty: []
`)
})

test('writes comments behind, above and at the top', () => {
  const list = [{ name: commented('one', 'the first') }, { name: 'two' }]
  const file = titled('What it is.', {
    flow: commented(flow({ a: [1, 'b, c'] }), 'short'),
    map: commented({ a: 1 }, 'why'),
    list: apart(spaced(list)),
    ...paragraph('Together:', { x: commented(1, 'x'), y: 2 }),
  })
  expect(yamlText(file)).toBe(`# What it is.
flow: { a: [1, "b, c"] } # short
map: # why
  a: 1

list:
- name: one # the first

- name: two

# Together:
x: 1 # x
y: 2
`)
})

test('breaks a comment before it is too long', () => {
  const text = yamlText({ a: { ...paragraph('word '.repeat(40).trim(), { b: 1 }) } })
  const lines = text.split('\n').filter(line => line.startsWith('  # '))
  expect(lines).toHaveLength(2)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(118)
})

test('what is written is what is read', () => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom('~', 'no', '1e3', '0x1', ' a ', '#b', 'a: b'),
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      tie('value').map(flow),
      fc
        .tuple(tie('value'), fc.stringMatching(/^[a-z*:,{} ]{0,20}$/))
        .map(([value, text]) => commented(value, text)),
      tie('value').map(apart),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, { minKeys: 1 }), map => {
      expect(parse(yamlText(map))).toEqual(plain(map))
    }),
  )
})
