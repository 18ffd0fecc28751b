import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Decision } from './decision.ts'
import { differences, type Judged, journey } from './report.ts'

const yes: Decision = { allowed: true, rule: 'operations.allowed' }
const no: Decision = {
  allowed: false,
  status: 403,
  rule: 'operations.allowed',
  reason: 'client/bob may not multiply',
  needed: 'multiply among what client/bob may do, in mesh.yaml',
}
const otherwise = { allowed: false, rule: 'people.known', reason: 'client/bob is not known here' }

const judged = (...decisions: Decision[]): Judged[] => {
  const path = '/multiply?a=6&b=7'
  const hops = [
    { to: 'gateway', method: 'GET', path },
    { from: 'gateway', to: 'calculator', method: 'GET', path },
  ]
  return decisions.map((decision, index) => ({ hop: hops[index]!, decision }))
}
const plain = (lines: string[]) => lines.map(stripVTControlCharacters)

test('there is a line for each hop', () => {
  expect(plain(journey(judged(yes, yes)))).toEqual([
    'outside -> gateway     allowed  operations.allowed',
    'gateway -> calculator  allowed  operations.allowed',
  ])
})

test('a denial says why, and what is needed', () => {
  expect(plain(journey(judged(yes, no)))).toEqual([
    'outside -> gateway     allowed  operations.allowed',
    'gateway -> calculator  denied   operations.allowed  client/bob may not multiply',
    'Denied in front of calculator, with 403. Needed: multiply among what client/bob may do, in mesh.yaml.',
  ])
})

test('what comes after a denial would happen, and does not', () => {
  expect(plain(journey(judged(no, yes)))[1]).toBe(
    'gateway -> calculator  would be allowed  operations.allowed',
  )
})

test('what a candidate would say stands below', () => {
  expect(plain(journey(judged({ ...yes, dryRun: otherwise })))).toEqual([
    'outside -> gateway  allowed  operations.allowed',
    '  the candidate: denied, people.known: client/bob is not known here',
  ])
})

test('differences are counted, whatever is calculated', () => {
  const differing = (person: string, path: string, from?: string) => ({
    time: '2026-01-01T00:00:00Z',
    person,
    hop: { ...(from ? { from } : {}), to: from ? 'calculator' : 'gateway', method: 'GET', path },
    decision: { ...yes, dryRun: { allowed: false, rule: 'people.known' } },
  })
  const all = [
    differing('client/bob', '/add?a=1&b=2', 'gateway'),
    differing('client/bob', '/add?a=1&b=2'),
    differing('client/bob', '/add?a=3&b=4'),
    differing('client/alice', '/add?a=1&b=2'),
  ]
  const change = 'allowed now; the candidate: denied, people.known'
  expect(differences(all)).toEqual([
    `1 x  client/alice  GET /add  outside -> gateway     ${change}`,
    `2 x  client/bob    GET /add  outside -> gateway     ${change}`,
    `1 x  client/bob    GET /add  gateway -> calculator  ${change}`,
  ])
})
