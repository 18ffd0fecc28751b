import { connect } from 'node:net'
import type { ServiceLog } from '@hardway/runtime'
import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { createCalculator } from './api.ts'
import type { Operation } from './operations.ts'

const token = 'let-me-in'
const app = createCalculator(
  { add: (a, b) => a.plus(b), subtract: (a, b) => a.minus(b), multiply: (a, b) => a.times(b) },
  token,
)

function ask(request: InjectOptions) {
  return app.inject({ ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } })
}

function evaluate(payload: string | Buffer, type = 'application/json') {
  return ask({ method: 'POST', url: '/evaluate', payload, headers: { 'content-type': type } })
}

const expression = (text: string) => evaluate(JSON.stringify({ expression: text }))

test('adds, subtracts and multiplies exactly', async () => {
  expect((await ask({ url: '/add?a=0.1&b=0.2' })).json()).toEqual({
    operation: 'add',
    a: '0.1',
    b: '0.2',
    result: '0.3',
  })
  expect((await ask({ url: '/subtract?a=2&b=3' })).json()).toMatchObject({ result: '-1' })
  expect((await ask({ url: '/multiply?b=-0.5&a=3' })).json()).toMatchObject({ result: '-1.5' })
})

test('evaluates an expression', async () => {
  const response = await expression('2 * (3 + 4) - 5')
  expect(response.statusCode).toBe(200)
  expect(response.json()).toMatchObject({ expression: '2 * (3 + 4) - 5', result: '9', steps: [{}, {}, {}] })
})

test('the time-out of an Envoy in front shortens the deadline, and nothing lengthens it', async () => {
  const deadlines: number[] = []
  const watched = createCalculator(
    {
      add: (a, _, { deadline }) => {
        deadlines.push(deadline - Date.now())
        return a
      },
      subtract: a => a,
      multiply: a => a,
    },
    token,
  )
  for (const timeout of [undefined, '500', '60000', 'soon', '-1']) {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(timeout && { 'x-envoy-expected-rq-timeout-ms': timeout }),
    }
    await watched.inject({ url: '/add?a=1&b=2', headers })
  }
  expect(deadlines.map(left => Math.ceil(left / 500) * 500)).toEqual([2000, 500, 2000, 2000, 2000])
})

test.each([
  ['no token', {}, 'Bearer realm="calculator"'],
  ['another scheme', { authorization: 'Basic bGV0LW1lLWlu' }, 'Bearer realm="calculator"'],
  [
    'a wrong token',
    { authorization: 'Bearer let-me-on' },
    'Bearer realm="calculator", error="invalid_token"',
  ],
  [
    'a part of the token',
    { authorization: 'Bearer let-me' },
    'Bearer realm="calculator", error="invalid_token"',
  ],
  [
    'a token and more',
    { authorization: 'Bearer let-me-in!' },
    'Bearer realm="calculator", error="invalid_token"',
  ],
])('answers 401 with a challenge to %s, whatever is asked', async (_, headers, challenge) => {
  for (const url of ['/add?a=1&b=2', '/add', '/nowhere']) {
    const response = await app.inject({ url, headers })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe(challenge)
    expect(response.json()).toMatchObject({ type: 'https://hardway.test/problems/unauthorized', status: 401 })
  }
})

test('takes the scheme in any case', async () => {
  const response = await app.inject({ url: '/add?a=1&b=2', headers: { authorization: `bearer ${token}` } })
  expect(response.statusCode).toBe(200)
})

test.each([
  ['/add', 400, 'The query lacks a; it takes a and b.'],
  ['/add?a=1', 400, 'The query lacks b'],
  ['/add?a=1&a=2&b=3', 400, 'The query has a more than once.'],
  ['/add?a=1&b=2&c=3', 400, 'The query has an unknown field "c"'],
  ['/add?a=&b=2', 400, 'The operand a is empty'],
  ['/add?a=two&b=2', 400, 'The operand a is not a decimal'],
  ['/add?a=NaN&b=2', 400, 'The operand a is not a decimal'],
  ['/add?a=1&b=1e999', 400, 'The operand b is not a decimal'],
  [`/add?a=1&b=${'9'.repeat(257)}`, 400, 'The operand b has 257 characters; at most 256'],
  ['/add?a=1%00&b=2', 400, 'The operand a is not a decimal'],
  ['/add?a=%ff&b=2', 400, 'The query is not valid percent-encoded UTF-8'],
  ['/%ff', 400, 'The path is not valid percent-encoded UTF-8'],
  ['/divide?a=1&b=2', 404, 'There is no "/divide" here'],
  ['/add/', 404, 'There is no "/add/" here'],
  ['/ADD?a=1&b=2', 404, 'There is no "/ADD" here'],
])('GET %s is answered %i', async (url, status, detail) => {
  const response = await ask({ url })
  expect(response.json().detail).toContain(detail)
  expect(response.statusCode).toBe(status)
  expect(response.headers['content-type']).toBe('application/problem+json')
})

test('names the methods that a path takes', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const) {
    const response = await ask({ method, url: '/add?a=1&b=2' })
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD'])
  }
  const response = await ask({ url: '/evaluate' })
  expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST'])
})

test.each([
  ['an empty body', '', 400, 'The body is not valid JSON'],
  ['broken JSON', '{"expression":', 400, 'The body is not valid JSON'],
  ['a list', '[]', 400, 'The body must be a JSON object with expression'],
  ['null', 'null', 400, 'The body must be a JSON object with expression'],
  ['no expression', '{}', 400, 'The body lacks expression'],
  ['a number', '{"expression":1}', 400, 'expression must be a text'],
  ['an unknown field', '{"expression":"1","precision":2}', 400, 'unknown field "precision"'],
  ['an inherited field', '{"expression":"1","__proto__":{}}', 400, 'unknown field "__proto__"'],
  ['UTF-8 that is none', Buffer.from('{"expression":"\xff"}', 'latin1'), 400, 'The body is not valid UTF-8'],
  ['17 KiB', JSON.stringify({ expression: ' '.repeat(17 * 1024) }), 413, 'at most 16384 bytes'],
])('a body of %s is refused', async (_, body, status, detail) => {
  const response = await evaluate(body)
  expect(response.json().detail).toContain(detail)
  expect(response.statusCode).toBe(status)
})

test('a body of another type, or of none, is refused', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
    const response = await evaluate('{"expression":"1"}', type)
    expect(response.json().detail).toBe('The body must be application/json.')
    expect(response.statusCode).toBe(415)
  }
  expect((await evaluate('{"expression":"1"}', 'application/json; charset=utf-8')).statusCode).toBe(200)
})

test.each([
  ['(1', 'a closing parenthesis is missing'],
  ['1)', '")" at character 2'],
  ['1/2', 'this calculator only adds, subtracts and multiplies'],
  [`${'('.repeat(65)}1${')'.repeat(65)}`, 'more than 64 levels'],
  [`1${'+1'.repeat(257)}`, 'more than 256 operations'],
])('the expression %j is refused', async (text, detail) => {
  const response = await expression(text)
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({ type: 'https://hardway.test/problems/invalid-expression' })
  expect(response.json().detail).toContain(detail)
})

test('no bad input takes more than 50 ms of CPU', async () => {
  const worst = [
    () => ask({ url: `/add?${'a=1&'.repeat(3000)}b=2` }),
    () => ask({ url: `/add?a=${'1'.repeat(8000)}x&b=2` }),
    () => expression('('.repeat(4096)),
    () => expression('-'.repeat(4096)),
    () => expression(`1${'+1'.repeat(2000)}`),
    () => expression(`${'9'.repeat(4000)}x`),
    () => expression(Array(15).fill('9'.repeat(256)).join('*')),
    () => evaluate(`{"expression":"${'\\u0030'.repeat(2700)}"}`),
    () => evaluate('['.repeat(16_000)),
    () => evaluate(`{${'"a":1,'.repeat(2500)}"b":1}`),
  ]
  for (const request of worst) {
    await request() // once to be compiled
    const before = process.cpuUsage()
    const { statusCode } = await request()
    const { user, system } = process.cpuUsage(before)
    expect(statusCode).toBe(400)
    expect((user + system) / 1000).toBeLessThan(50)
  }
})

test('when the client goes away, the operation is told', async () => {
  let abandoned: () => void
  const told = new Promise<void>(resolve => {
    abandoned = resolve
  })
  const controller = new AbortController()
  const never = () => new Promise<never>(() => {})
  const slow = createCalculator(
    {
      add: (_, __, call) => {
        call.abandoned.add(abandoned)
        controller.abort()
        return never()
      },
      subtract: never,
      multiply: never,
    },
    token,
  )
  const url = await slow.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${token}` }
  await expect(fetch(`${url}/add?a=1&b=2`, { headers, signal: controller.signal })).rejects.toThrow('aborted')
  await told
  await slow.close()
})

test('what is not HTTP is answered with a problem, and the connection closed', async () => {
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  for (const [text, status] of [
    ['NONSENSE\r\n\r\n', 400],
    ['GET /add?a=\0 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    [`GET /add HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const socket = connect(Number(address.port), address.hostname)
    socket.end(text)
    const answer = Buffer.concat(await socket.toArray()).toString()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status })
  }
  await app.close()
})

describe('the ID that the Envoy in front gave a request', () => {
  const ended: Parameters<NonNullable<ServiceLog['request']>>[0][] = []
  const ids: (string | undefined)[] = []
  const add: Operation = (a, _, { requestId }) => {
    ids.push(requestId)
    return a
  }
  const operations = { add, subtract: add, multiply: add }
  const quiet: ServiceLog = { say: () => {}, error: () => {}, close: async () => {} }
  const telling: ServiceLog = { ...quiet, request: request => void ended.push(request) }
  const headers = { 'x-request-id': 'one' }

  test('goes to the operations, into every problem, and into the log, the path without its query', async () => {
    const app = createCalculator(operations, undefined, telling)
    expect((await app.inject({ url: '/add?a=1&b=2', headers })).statusCode).toBe(200)
    expect(ids.splice(0)).toEqual(['one'])
    for (const url of ['/add?a=1', '/nowhere', '/%ff']) {
      expect((await app.inject({ url, headers })).json()).toMatchObject({ request_id: 'one' })
    }
    const line = { request_id: 'one', method: 'GET', path: '/add' }
    expect(ended[0]).toMatchObject(line)
    expect(ended[0]!.duration_us).toBeGreaterThan(0)
    expect(ended[1]).toMatchObject(line)
  })

  test('means nothing where requests are not logged', async () => {
    const app = createCalculator(operations, undefined, quiet)
    await app.inject({ url: '/add?a=1&b=2', headers })
    expect(ids.splice(0)).toEqual([undefined])
    expect((await app.inject({ url: '/add?a=1', headers })).json()).not.toHaveProperty('request_id')
  })
})
