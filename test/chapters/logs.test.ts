import type { LogRecord } from '@hardway/cli/log-record'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { linesOf, recordsOf } from '../harness/log-records.ts'
import { getRaw, sendRaw } from '../harness/raw-http.ts'

let chapter: RunningChapter
let bob: string
/** What nobody may find in any log: it grows as the tests go on. */
const secrets: string[] = []
beforeAll(async () => {
  chapter = await startChapter('07-logs', 71)
  bob = await chapter.identity('token', 'bob')
  secrets.push(chapter.token, bob)
})
afterAll(() => chapter.stop())

/** What is written late by what mesh.yaml allows, and by a busy machine. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 })

interface Answer {
  status: number
  id: string
  body: Record<string, unknown>
}

async function ask(
  path: string,
  init: RequestInit = {},
  token: string | null = chapter.token,
): Promise<Answer> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const headers = { ...authorization, ...(init.headers as Record<string, string>) }
  const response = await fetch(chapter.url + path, { ...init, headers })
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, id: response.headers.get('x-request-id')!, body }
}

function evaluate(expression: string, token = chapter.token): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  return ask('/evaluate', { method: 'POST', headers, body: JSON.stringify({ expression }) }, token)
}

const id = (name: string) => `spiffe://hardway.test/${name}`

/** What is certain about a record beforehand. */
const certain = [
  ...['workload', 'hop', 'method', 'path', 'status', 'grpc_status', 'peer', 'person', 'upstream'],
  ...['allowed', 'rule', 'response_flags'],
]

const allowed = { allowed: true, rule: 'operations.allowed' }
const alice = { person: id('client/alice') }

/** The lines of one call of an operation. */
function call(operation: string): object[] {
  const name = operation[0]!.toUpperCase() + operation.slice(1)
  const grpc = { method: 'POST', path: `/calculator.v1.${name}/Compute`, grpc_status: 'OK' }
  const http = { ...grpc, status: 200, response_flags: '-' }
  return [
    { workload: 'calculator', hop: 'outbound', ...http, upstream: id(operation) },
    { workload: operation, hop: 'inbound', ...http, peer: id('calculator'), ...alice, ...allowed },
    { workload: operation, hop: 'application', ...grpc },
  ]
}

function front(method: string, path: string): object[] {
  const answered = { method, path, status: 200 }
  const envoy = { ...answered, response_flags: '-', ...alice, ...allowed }
  return [
    { workload: 'gateway', hop: 'gateway', ...envoy, upstream: id('calculator') },
    { workload: 'calculator', hop: 'inbound', ...envoy, peer: id('gateway') },
    { workload: 'calculator', hop: 'application', ...answered },
  ]
}

/** In an order of their own, for two parts may begin in the same moment. */
const sorted = (records: object[]) =>
  records.map(record => JSON.stringify(Object.entries(record).toSorted())).toSorted()

/** Waits until these lines about a request are there, and no others. */
async function left(id: string, lines: object[]): Promise<LogRecord[]> {
  await eventually(async () =>
    sorted((await recordsOf(chapter, id)).map(record => JSON.parse(JSON.stringify(record, certain)))),
  ).toEqual(sorted(lines))
  return recordsOf(chapter, id)
}

describe('one request', () => {
  test('leaves one line at each hop, and no other', async () => {
    const { status, id } = await evaluate('2*3+4*5')
    expect(status).toBe(200)
    await left(id, [...front('POST', '/evaluate'), ...call('multiply'), ...call('multiply'), ...call('add')])
  })

  test('leaves as little where it needs one operation only', async () => {
    const { id } = await ask('/add?a=1&b=2')
    await left(id, [...front('GET', '/add'), ...call('add')])
  })

  test('takes longer outside than inside', async () => {
    const { id } = await ask('/multiply?a=6&b=7')
    const records = await left(id, [...front('GET', '/multiply'), ...call('multiply')])
    const place = ({ workload, hop }: LogRecord) => `${workload} ${hop}`
    const durations = new Map(records.map(record => [place(record), record.duration_us!]))
    const path = [
      'gateway gateway',
      'calculator inbound',
      'calculator application',
      'calculator outbound',
      'multiply inbound',
      'multiply application',
    ]
    const inward = path.map(place => durations.get(place)!)
    for (const duration of inward) expect(duration).toBeGreaterThan(0)
    // Who writes an answer may learn a moment later that it is written than who reads it.
    for (const [index, inner] of inward.slice(1).entries()) expect(inner).toBeLessThan(inward[index]! + 2_000)
    expect(inward.at(-1)).toBeLessThan(inward[0]!)
  })

  test('has the ID that the gateway gave it, whatever its caller sent', async () => {
    const { id } = await ask('/add?a=1&b=2', { headers: { 'x-request-id': 'mine' } })
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect((await ask('/add?a=1&b=2')).id).not.toBe(id)
    await left(id, [...front('GET', '/add'), ...call('add')])
    expect(await recordsOf(chapter, 'mine')).toEqual([])
  })
})

describe('an error names its request, and the log knows it', () => {
  const post = (body: string, type = 'application/json') => ({
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })

  test.each<[number, string, () => Promise<Answer>]>([
    [400, 'an operand that is none', () => ask('/add?a=1&b=x')],
    [400, 'a path that nobody can read', () => ask('/add%zz?a=1&b=2')],
    [401, 'no token', () => ask('/add?a=1&b=2', {}, null)],
    [401, 'a bad token', () => ask('/add?a=1&b=2', {}, 'nonsense')],
    [403, 'an operation that is not allowed', () => ask('/multiply?a=6&b=7', {}, bob)],
    [403, 'one that the operation itself refuses', () => evaluate('2*3', bob)],
    [404, 'a path that there is not', () => ask('/divide')],
    [405, 'a method that there is not', () => ask('/add?a=1&b=2', { method: 'DELETE' })],
    [
      413,
      'a body that is too long',
      () => ask('/evaluate', post(JSON.stringify({ expression: '1'.repeat(17_000) }))),
    ],
    [415, 'a body that is no JSON', () => ask('/evaluate', post('2+3', 'text/plain'))],
  ])('%i for %s', async (status, _, send) => {
    const answer = await send()
    expect(answer).toMatchObject({ status, id: expect.any(String), body: { status, request_id: answer.id } })
    await eventually(async () => (await recordsOf(chapter, answer.id)).map(({ hop }) => hop)).toContain(
      'gateway',
    )
    const [gateway] = (await recordsOf(chapter, answer.id)).filter(({ hop }) => hop === 'gateway')
    expect(gateway).toMatchObject({ status })
  })

  test('nothing has an ID that never became a request', async () => {
    const refused = await getRaw(chapter.url, '/add%2F..%2Fmultiply', {})
    expect(refused.status).toBe(400)
    expect(JSON.parse(refused.body)).toMatchObject({ status: 400, request_id: null })
    const malformed = await sendRaw(chapter.url, 'GET /add HTTP/1.1\r\nhost: a\r\nb ad: 1\r\n\r\n')
    expect(malformed.status).toBe(400)
  })

  test('a policy engine that is gone is a 503, told apart from a denial', async () => {
    await chapter.kill('gateway-opa', 'SIGKILL')
    onTestFinished(() => chapter.up())
    await eventually(async () => (await ask('/add?a=1&b=2')).status).toBe(503)
    const { id, body } = await ask('/add?a=1&b=2')
    expect(body).toMatchObject({ type: expect.stringContaining('policy-unavailable'), request_id: id })
    await eventually(() => recordsOf(chapter, id)).toHaveLength(1)
    const [gateway] = await recordsOf(chapter, id)
    expect(gateway).toMatchObject({ status: 503, response_flags: 'UAEX', details: 'ext_authz_error' })
    expect(gateway).not.toHaveProperty('allowed')
  })

  test('an application that is gone is a 503, and its own sidecar says which', async () => {
    await chapter.kill('add', 'SIGKILL')
    onTestFinished(() => chapter.up())
    await eventually(async () => (await ask('/add?a=1&b=2')).status).toBe(503)
    const { id, body } = await ask('/add?a=1&b=2')
    expect(body).toMatchObject({ request_id: id })
    await eventually(() => recordsOf(chapter, id)).toHaveLength(5)
    const records = await recordsOf(chapter, id)
    const [inbound] = records.filter(({ workload }) => workload === 'add')
    expect(inbound).toMatchObject({ grpc_status: 'UNAVAILABLE', response_flags: 'UF' })
    expect(records.map(({ response_flags }) => response_flags)).toEqual(['-', '-', undefined, '-', 'UF'])
  })
})

describe('a denial', () => {
  test('is found by its ID: who, what, by which rule, in whose words', async () => {
    const { id: request, status } = await ask('/multiply?a=6&b=7', {}, bob)
    expect(status).toBe(403)
    await eventually(() => recordsOf(chapter, request)).toHaveLength(2)
    const records = await recordsOf(chapter, request)
    const why = {
      allowed: false,
      rule: 'operations.allowed',
      reason: 'client/bob may not multiply',
      status: 403,
    }
    const what = { workload: 'gateway', method: 'GET', path: '/multiply', person: id('client/bob') }
    expect(records.find(({ hop }) => hop === 'gateway')).toMatchObject({
      ...why,
      ...what,
      response_flags: 'UAEX',
      details: 'ext_authz_denied',
    })
    expect(records.find(({ hop }) => hop === 'opa')).toMatchObject({ ...why, ...what })
  })

  test('is the only thing about requests that OPA itself writes', async () => {
    const { id, status } = await ask('/add?a=1&b=2')
    expect(status).toBe(200)
    await left(id, [...front('GET', '/add'), ...call('add')])
    const lines = (opa: string) => chapter.log(opa).split('\n').slice(0, -1)
    expect(lines('add-opa').filter(line => !line.includes('OPA running with uid or gid 0'))).toEqual([])
    expect(lines('gateway-opa')).toContainEqual(expect.stringContaining('Decision Log')) // it does write
  })
})

test('a caller who hangs up is noticed', async () => {
  await chapter.kill('multiply', 'SIGSTOP')
  onTestFinished(() => chapter.kill('multiply', 'SIGCONT'))
  const path = '/multiply?a=6&b=7'
  const flags = async () =>
    (await linesOf(chapter))
      .filter(({ process, text }) => process === 'gateway' && text.includes('"path":"/multiply"'))
      .map(({ text }) => JSON.parse(text).response_flags)
  expect(await flags()).not.toContain('DC')
  await expect(ask(path, { signal: AbortSignal.timeout(300) })).rejects.toThrow()
  await eventually(flags).toContain('DC')
})

test('no token and no key is in any log, wherever a caller may have put it', async () => {
  const token = await chapter.identity('token', 'alice')
  secrets.push(token)
  const header = { headers: { 'x-token': token, cookie: `token=${token}` } }
  const asked = [
    await ask(`/add?a=1&b=2&access_token=${token}`, header),
    await ask(`/add?access_token=${token}`, {}, null),
    await ask(`/multiply?access_token=${token}`, {}, bob),
    await ask(`/divide?access_token=${token}`, {}),
    await evaluate(token),
  ]
  expect(asked.map(({ status }) => status)).toEqual([400, 401, 403, 404, 400])
  for (const { id } of asked) {
    await eventually(async () => (await recordsOf(chapter, id)).length).toBeGreaterThan(0)
  }
  const all = (await linesOf(chapter)).map(({ text }) => text).join('\n')
  expect(all).toContain('/divide') // the path is there, and nothing that came behind it
  for (const secret of secrets) {
    for (const part of secret.split('.')) expect(all).not.toContain(part)
  }
  expect(all).not.toMatch(/access_token|PRIVATE KEY|Bearer /)
})
