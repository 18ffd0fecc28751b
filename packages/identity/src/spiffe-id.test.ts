import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdentityError } from './error.ts'
import { parseSpiffeId, renderSpiffeId, sameSpiffeId, spiffeId } from './spiffe-id.ts'
import { parseTrustDomain } from './trust-domain.ts'

const characters = [...'abcdefghijklmnopqrstuvwxyz0123456789._-']
const name = fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 255 })
const segment = fc
  .string({ unit: fc.constantFrom(...characters, ...'ABCXYZ'), minLength: 1, maxLength: 30 })
  .filter(text => text !== '.' && text !== '..')
const path = fc.array(segment, { maxLength: 10 }).map(segments => segments.map(text => `/${text}`).join(''))
const text = fc.tuple(name, path).map(([name, path]) => `spiffe://${name}${path}`)

test('what is rendered is what was parsed', () => {
  fc.assert(
    fc.property(text, text => {
      expect(renderSpiffeId(parseSpiffeId(text))).toBe(text)
    }),
  )
})

test('an ID can be put together of its parts', () => {
  fc.assert(
    fc.property(name, path, (name, path) => {
      const id = spiffeId(parseTrustDomain(name), path)
      expect(sameSpiffeId(id, parseSpiffeId(renderSpiffeId(id)))).toBe(true)
    }),
  )
})

test('two texts are never one ID', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(sameSpiffeId(parseSpiffeId(one), parseSpiffeId(other))).toBe(one === other)
    }),
  )
})

test('a character that is not allowed is refused at any place', () => {
  const wrong = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter(text => !/[\w./-]/.test(text))
  fc.assert(
    fc.property(text, wrong, fc.nat(), (text, wrong, at) => {
      const place = at % (text.length + 1)
      expect(() => parseSpiffeId(text.slice(0, place) + wrong + text.slice(place))).toThrow(IdentityError)
    }),
  )
})

test('whatever is accepted is also accepted by the grammar of the standard', () => {
  const grammar = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/
  const near = fc.string({ unit: fc.constantFrom(...'spiffe:/.aA-_%?#@') }).map(text => `spiffe://${text}`)
  fc.assert(
    fc.property(near, text => {
      let accepted = true
      try {
        parseSpiffeId(text)
      } catch {
        accepted = false
      }
      expect(accepted).toBe(grammar.test(text))
    }),
    { numRuns: 2000 },
  )
})

test('an ID that is put together cannot be longer than one that is read', () => {
  const domain = parseTrustDomain('hardway.test')
  expect(renderSpiffeId(spiffeId(domain, `/${'a'.repeat(2048 - 22)}`))).toHaveLength(2048)
  expect(() => spiffeId(domain, `/${'a'.repeat(2049 - 22)}`)).toThrow('at most 2,048 bytes')
  expect(() => spiffeId(domain, 'add')).toThrow('does not begin with "/"')
})

test('an error shows control characters escaped, says the section and what to do', () => {
  expect(() => parseSpiffeId('\u001b[31m')).toThrow(
    '"\\u001b[31m" does not begin with spiffe:// (SPIFFE-ID §2)\n  Write ',
  )
})

test('what is no text is refused', () => {
  expect(() => parseSpiffeId(['spiffe://a/b'] as never)).toThrow('A SPIFFE ID is a text')
  expect(() => parseTrustDomain(['a'] as never)).toThrow('A trust domain has no name')
})
