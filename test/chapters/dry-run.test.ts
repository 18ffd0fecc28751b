import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Decided, decided } from '@hardway/cli/explain/decision-log'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { copyOfPolicies } from '../harness/policies.ts'

const { policies, remove } = copyOfPolicies()
const policyFile = join(policies, '06-opa/policy.rego')
const candidateFile = join(policies, '06-opa/candidate.rego')
const policy = readFileSync(policyFile, 'utf8')

let chapter: RunningChapter
const tokens: Record<string, string> = {}
beforeAll(async () => {
  chapter = await startChapter('06-opa', 66, { policies })
  for (const person of ['alice', 'bob']) tokens[person] = await chapter.identity('token', person)
})
afterAll(async () => {
  await chapter.stop()
  remove()
})

/** A changed policy. @param from  must be in it, once */
const changed = (from: string, to: string) => {
  expect(policy.split(from).length).toBe(2)
  return policy.replace(from, to)
}
/** Who may not multiply may not evaluate either. */
const stricter = () => changed('\n\tperson_known\n', '\n\t"multiply" in may\n')
/** Who is known may do everything. */
const looser = () =>
  changed('operation_allowed if operation in may', 'operation_allowed if { operation; person_known }')
const candidate = (text: string) => text.replace('package authz', 'package candidate')

/** Puts a file there, whole: OPA would complain of half a file, and then read the other half. */
function put(file: string, text: string): void {
  const unfinished = join(policies, 'unfinished')
  writeFileSync(unfinished, text)
  renameSync(unfinished, file)
}

async function answer(person: string, path: string, expression?: string): Promise<[number, string]> {
  const headers = { authorization: `Bearer ${tokens[person]}`, 'content-type': 'application/json' }
  const post = expression === undefined ? {} : { method: 'POST', body: JSON.stringify({ expression }) }
  const response = await fetch(chapter.url + path, { headers, ...post })
  return [response.status, await response.text()]
}
const bobEvaluates = () => answer('bob', '/evaluate', '2+3')
const bobMultiplies = () => answer('bob', '/multiply?a=6&b=7')

/** All that a change of the rules could change: answers as they are without any candidate. */
const answers = async () =>
  Promise.all([
    bobEvaluates(),
    bobMultiplies(),
    answer('bob', '/add?a=6&b=7'),
    answer('alice', '/multiply?a=6&b=7'),
    answer('alice', '/evaluate', '2*3'),
    answer('alice', '/divide'),
  ])
let before: Awaited<ReturnType<typeof answers>>
beforeAll(async () => {
  before = await answers()
  expect(before.map(([status]) => status)).toEqual([200, 403, 200, 200, 200, 404])
})

/** What was written since the last call about what a candidate would decide otherwise. */
let read = 0
async function news(): Promise<Decided[]> {
  const all = await decided(chapter.platform, new AbortController().signal)
  const fresh = all.slice(read)
  read = all.length
  return fresh.filter(({ decision }) => decision.dryRun)
}

/** Until each OPA has taken what lies there: they do it in their own time. */
async function untilTaken(ask: () => Promise<unknown>, isTaken: (news: Decided[]) => boolean): Promise<void> {
  const round = async () => {
    await news()
    await ask()
    return isTaken(await news())
  }
  await expect.poll(round, { timeout: 10_000 }).toBe(true)
}
/** The gateway's OPA and the calculator's. */
const bothDiffer = (news: Decided[]) => news.length === 2
const noneDiffers = (news: Decided[]) => news.length === 0

afterEach(async () => {
  put(policyFile, policy)
  rmSync(candidateFile, { force: true })
  await untilTaken(bobEvaluates, noneDiffers)
  await expect.poll(answers, { timeout: 10_000 }).toEqual(before)
})

test('a candidate that would deny is written down, each time, and denies nothing', async () => {
  put(candidateFile, candidate(stricter()))
  await untilTaken(bobEvaluates, bothDiffer)
  expect(await answers()).toEqual(before)
  await news()
  for (const _ of [1, 2, 3]) {
    expect(await bobEvaluates()).toEqual(before[0])
    expect((await answer('alice', '/evaluate', '2*3'))[0]).toBe(200)
    expect((await answer('bob', '/add?a=1&b=2'))[0]).toBe(200)
  }
  const found = await news()
  expect(found.map(({ person, hop }) => `${person} ${hop.path} ${hop.to}`).sort()).toEqual([
    ...Array(3).fill('client/bob /evaluate calculator'),
    ...Array(3).fill('client/bob /evaluate gateway'),
  ])
  for (const { decision } of found) {
    expect(decision).toEqual({
      allowed: true,
      rule: 'operations.allowed',
      dryRun: { allowed: false, rule: 'operations.allowed', reason: 'client/bob may not evaluate' },
    })
  }
})

test('a candidate that would allow is written down, and allows nothing', async () => {
  put(candidateFile, candidate(looser()))
  await untilTaken(bobMultiplies, news => news.length === 1) // further than the gateway it does not come
  expect(await answers()).toEqual(before)
  const [found] = await news()
  expect(found!.decision).toMatchObject({
    allowed: false,
    reason: 'client/bob may not multiply',
    dryRun: { allowed: true, rule: 'operations.allowed' },
  })
})

test('a candidate that decides the same is not mentioned', async () => {
  put(candidateFile, candidate(stricter()))
  await untilTaken(bobEvaluates, bothDiffer)
  put(candidateFile, candidate(policy))
  await untilTaken(bobEvaluates, noneDiffers)
  expect(await answers()).toEqual(before)
  expect(await news()).toEqual([])
})

test('what was a candidate and is the policy now decides', async () => {
  put(candidateFile, candidate(stricter()))
  await untilTaken(bobEvaluates, bothDiffer)
  put(policyFile, stricter())
  await expect.poll(async () => (await bobEvaluates())[0], { timeout: 10_000 }).toBe(403)
  expect((await answer('alice', '/evaluate', '2*3'))[0]).toBe(200)
})

describe('a candidate that is broken changes no answer:', () => {
  beforeEach(async () => {
    put(candidateFile, candidate(stricter()))
    await untilTaken(bobEvaluates, bothDiffer)
  })

  test.each([
    ['it says nothing', ''],
    ['it is undefined', 'answer := {"allowed": false, "dynamic_metadata": {"rule": "x"}} if input.nothing'],
    ['it is an error', 'answer := {"allowed": 1 / 0, "dynamic_metadata": {"rule": "x"}}'],
    ['it is a text', 'answer := input.attributes.request.http.path'],
    ['it does not say why', 'answer := {"allowed": false, "dynamic_metadata": input.nothing}'],
  ])('%s', async (_, rule) => {
    put(candidateFile, `package candidate\n\n${rule}\n`)
    await untilTaken(bobEvaluates, noneDiffers)
    expect(await answers()).toEqual(before)
  })

  test.each([
    ['it is no Rego', 'answer := {', /candidate\.rego:\d+: rego_parse_error/g],
    [
      'it is no answer, and never could be',
      'answer := "no"',
      /rego_type_error: undefined ref: data\.candidate/g,
    ],
    ['it refers to what is not there', 'answer := nothing', /candidate\.rego:\d+: rego_unsafe_var_error/g],
  ])('%s: the last one that was stays, and OPA says what is wrong', async (_, rule, complaint) => {
    const complaints = () => chapter.log('gateway-opa').match(complaint)?.length ?? 0
    const earlier = complaints()
    put(candidateFile, `package candidate\n\n${rule}\n`)
    await expect.poll(complaints, { timeout: 10_000 }).toBeGreaterThan(earlier)
    expect(await answers()).toEqual(before)
    await news()
    await bobEvaluates()
    expect((await news()).length).toBe(2)
  })

  // What shares a decision cannot be kept from this. The page says so.
  test('unless it contradicts itself: then there is no decision, and nobody comes in', async () => {
    const answer = (allowed: boolean) =>
      `answer := {"allowed": ${allowed}, "dynamic_metadata": {"allowed": ${allowed}, "rule": "x"}}`
    put(candidateFile, `package candidate\n\n${answer(true)}\n\n${answer(false)}\n`)
    await expect.poll(async () => (await bobEvaluates())[0], { timeout: 10_000 }).toBe(503)
  })
})
