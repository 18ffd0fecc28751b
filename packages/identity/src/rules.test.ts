import { describe, expect, test } from 'vitest'
import { verdict } from './rules/rule.ts'
import { rules } from './rules.ts'

const own = rules.filter(rule => rule.enforcedBy === 'identity')
const foreign = rules.filter(rule => rule.enforcedBy !== 'identity')

for (const document of new Set(own.map(rule => rule.document))) {
  describe(document, () => {
    test.for(own.filter(rule => rule.document === document))('§$section $rule', rule => {
      expect(verdict(rule.passes)).toBe('accepted')
      expect(verdict(rule.fails)).toBe(rule.refusal)
    })
  })
}

test('each rule is named once, and each that others enforce names the setting', () => {
  const names = rules.map(({ document, rule, enforcedBy }) => `${document} ${rule} ${enforcedBy}`)
  expect(names).toEqual([...new Set(names)])
  expect(foreign.every(({ setting }) => setting.length > 10)).toBe(true)
})
