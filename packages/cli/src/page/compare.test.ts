import { describe, expect, it } from 'vitest'
import { comparison, type Mode, tidy } from './compare.ts'

function holds(mode: Mode, expected: string, actual: string): boolean {
  return comparison(mode).holds(tidy(expected), tidy(actual))
}

describe('same', () => {
  it('holds for the whole output, trailing white space aside', () => {
    expect(holds('same', 'a\n b\n', 'a  \r\n b\n\n')).toBe(true)
    expect(holds('same', '', '\n')).toBe(true)
  })

  it.each([
    ['another word', 'b'],
    ['a line before', 'x\na'],
    ['a line after', 'a\nx'],
    ['other white space in front', ' a'],
    ['nothing', ''],
  ])('fails for %s', (_, actual) => expect(holds('same', 'a', actual)).toBe(false))

  it('takes what a regular expression would read as a sign for itself', () => {
    const text = String.raw`(a|b)* [c] {2} ^$ \d /./ a+b? "-"`
    expect(holds('same', text, text)).toBe(true)
    expect(holds('same', 'a.c', 'abc')).toBe(false)
  })
})

describe('contains', () => {
  it('holds for text within a line', () => {
    expect(holds('contains', '"status":403', '{"title":"Forbidden","status":403}')).toBe(true)
  })

  it('holds for lines that follow one another', () => {
    expect(holds('contains', 'b\nc', 'a\nb\nc\nd')).toBe(true)
    expect(holds('contains', 'b\nc', 'ab\ncd')).toBe(true)
  })

  it.each([
    ['is missing', 'b'],
    ['has another line in between', 'a\nx\nb'],
    ['comes in another order', 'b\na'],
  ])('fails if the text %s', (_, actual) => expect(holds('contains', 'a\nb', actual)).toBe(false))
})

describe('lines', () => {
  it('holds for whole lines in this order, with others in between', () => {
    expect(holds('lines', 'a\n…\nb', 'x\na\ny\nz\nb\nx')).toBe(true)
  })

  it.each([
    ['a missing line', 'a\nc'],
    ['another order', 'b\na'],
    ['part of a line', 'a\nbb'],
    ['one line in place of two that are alike', 'a\nb', 'a\nb\nb'],
  ])('fails for %s', (_, actual, expected = 'a\nb') => expect(holds('lines', expected, actual)).toBe(false))
})

describe('matches', () => {
  it('holds if each line matches as a whole, one after the other', () => {
    expect(
      holds('matches', '{"result":"\\d+"}\nready in \\d+ ms', 'x\n{"result":"42"}\nready in 7 ms\ny'),
    ).toBe(true)
    expect(holds('matches', 'a|b', 'b')).toBe(true)
  })

  it.each([
    ['part of a line', '1 x'],
    ['no line', 'x'],
    ['a line in between', '1\nx\n2'],
    ['an output that ends too early', '1'],
  ])('fails for %s', (_, actual) => expect(holds('matches', '\\d\n\\d', actual)).toBe(false))

  it('throws if a line is no regular expression', () => {
    expect(() => holds('matches', 'a(', 'a(')).toThrow(SyntaxError)
  })
})

describe('json', () => {
  it('holds for the same values in any layout and order, and more keys', () => {
    expect(holds('json', '{ "a": 1, "b": [ { "c": null } ] }', '{"b":[{"c":null,"d":2}],"z":{},"a":1}')).toBe(
      true,
    )
    expect(holds('json', '"a"', '"a"')).toBe(true)
  })

  it.each([
    ['another value', '{"a":[1,{"b":3}]}'],
    ['another type', '{"a":[1,{"b":"2"}]}'],
    ['a missing key', '{"a":[1,{}]}'],
    ['more elements', '{"a":[1,{"b":2},3]}'],
    ['fewer elements', '{"a":[1]}'],
    ['an object in place of an array', '{"a":{"0":1,"1":{"b":2}}}'],
    ['null', 'null'],
    ['what is not JSON', 'curl: (7) Failed'],
    ['nothing', ''],
  ])('fails for %s', (_, actual) => expect(holds('json', '{"a":[1,{"b":2}]}', actual)).toBe(false))

  it('does not take what every object inherits for a key', () => {
    expect(holds('json', '{"__proto__":{}}', '{"__proto__":{}}')).toBe(true)
    expect(holds('json', '{"__proto__":{}}', '{}')).toBe(false)
  })

  it('throws if the page shows no JSON', () => {
    expect(() => holds('json', '{…}', '{}')).toThrow(SyntaxError)
  })
})

describe('…', () => {
  it.each(['same', 'contains', 'lines'] as const)('stands for any text within a line in mode %s', mode => {
    expect(holds(mode, 'a … c', 'a b b c')).toBe(true)
    expect(holds(mode, 'a … c', 'a … c')).toBe(true)
    expect(holds(mode, 'a … c', 'a b\nb c')).toBe(false)
  })

  it.each(['same', 'contains', 'lines'] as const)(
    'stands for any lines, or none, alone on a line in mode %s',
    mode => {
      expect(holds(mode, 'a\n  …\nb', 'a\n1\n2\nb')).toBe(true)
      expect(holds(mode, 'a\n…\nb', 'a\nb')).toBe(true)
      expect(holds(mode, 'a\n…\nb', 'a\n1\nc')).toBe(false)
      expect(holds(mode, 'a\n…', 'a')).toBe(true)
      expect(holds(mode, 'a\n…', 'a\nb')).toBe(true)
    },
  )
})
