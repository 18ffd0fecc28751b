import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { type Exact, exact, operators, plain } from '../harness/exact.ts'

const slugs = ['01-monolith', '02-services', '03-envoy', '04-mtls', '05-jwt']
let running: RunningChapter[]
beforeAll(async () => {
  running = await Promise.all(slugs.map((slug, index) => startChapter(slug, 21 + index)))
})
afterAll(() => Promise.all(running.map(chapter => chapter.stop())))

interface Body {
  type?: string
  result: string
  steps: { operation: 'add' | 'subtract' | 'multiply'; a: string; b: string; result: string }[]
}

/** The same request to every chapter; gives the one answer that they agree on. */
async function askAll(path: string, init: RequestInit = {}) {
  const [one, ...others] = await Promise.all(
    running.map(async ({ url, token }) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(url + path, { headers, ...init })
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        body: (await response.json()) as Body,
      }
    }),
  )
  for (const other of others) expect(other).toEqual(one)
  return one!
}

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most })

/** Decimals in plain notation, short and long. */
const decimal = fc
  .tuple(fc.constantFrom('', '-'), digits(120), fc.option(digits(120)))
  .map(([sign, whole, fraction]) => sign + whole + (fraction === null ? '' : `.${fraction}`))
const short = fc
  .tuple(fc.constantFrom('', '-'), digits(3), fc.option(digits(3)))
  .map(([sign, whole, fraction]) => sign + whole + (fraction === null ? '' : `.${fraction}`))

const operation = fc.constantFrom('add', 'subtract', 'multiply')

test('one operation: all chapters = exact arithmetic', async () => {
  await fc.assert(
    fc.asyncProperty(operation, decimal, decimal, async (name, a, b) => {
      const { status, body } = await askAll(`/${name}?a=${a}&b=${b}`)
      const result = plain(operators[name].compute(exact(a), exact(b)))
      expect(status).toBe(200)
      expect(body).toEqual({ operation: name, a, b, result })
    }),
    { numRuns: 300 },
  )
})

interface Sample {
  text: string
  value: Exact
  /** How many operations it takes. */
  operations: number
  /** Whether a result along the way is too long to be an operand. */
  tooLong: boolean
}

/** Expressions in brackets, written with any white space, with what they come to. */
const { expression } = fc.letrec<{ expression: Sample }>(tie => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: decimal }).map(text => ({
      text,
      value: exact(text),
      operations: 0,
      tooLong: false,
    })),
    fc
      .record({
        a: tie('expression'),
        name: operation,
        b: tie('expression'),
        space: fc.constantFrom('', ' ', '\t', '\r\n '),
      })
      .map(({ a, name, b, space }) => ({
        text: ['(', a.text, operators[name].symbol, b.text, ')'].join(space),
        value: operators[name].compute(a.value, b.value),
        operations: a.operations + 1 + b.operations,
        tooLong: [a, b].some(side => side.tooLong || (side.operations > 0 && plain(side.value).length > 256)),
      })),
  ),
}))

test('expressions: monolith = services = behind Envoy = exact arithmetic, steps and refusals too', async () => {
  const seen = { results: 0, refusals: 0 }
  await fc.assert(
    fc.asyncProperty(expression, async ({ text, value, operations, tooLong }) => {
      const { status, body } = await askAll('/evaluate', {
        method: 'POST',
        body: JSON.stringify({ expression: text }),
      })
      if (tooLong || text.length > 4096) {
        seen.refusals += 1
        expect(status).toBe(400)
        expect(body.type).toBe('https://hardway.test/problems/invalid-expression')
      } else {
        seen.results += 1
        expect(body).toMatchObject({ result: plain(value) })
        expect(body.steps).toHaveLength(operations)
        for (const { operation, a, b, result } of body.steps) {
          expect(result).toBe(plain(operators[operation].compute(exact(a), exact(b))))
        }
      }
    }),
    { numRuns: 300, examples: [[tooLongOnTheWay]] },
  )
  expect(seen.results).toBeGreaterThan(100)
  expect(seen.refusals).toBeGreaterThan(0)
})

const long = exact('9'.repeat(200))
const tooLongOnTheWay: Sample = {
  text: `1 + ${plain(long)} * ${plain(long)}`,
  value: long,
  operations: 2,
  tooLong: true,
}

test.each(['1 + 2 * 3 - 4', '2 * (3 + 4) - 5', '-(1 - 2) * -3', '1 - 2 - 3', '2 * 3 * -0.5 + 7'])(
  'without brackets: %s is what JavaScript says, for these small numbers',
  async text => {
    const { body } = await askAll('/evaluate', {
      method: 'POST',
      body: JSON.stringify({ expression: text }),
    })
    expect(body.result).toBe(String(Function(`return ${text}`)()))
  },
)

test.each([
  '/add?a=1',
  '/add?a=1&a=2&b=3',
  '/add?a=&b=1',
  '/add?a=NaN&b=1',
  '/add?a=1e999&b=1',
  `/add?a=${'1'.repeat(257)}&b=1`,
  '/add?a=1%00&b=1',
  '/add?a=%ff&b=1',
  '/divide?a=1&b=2',
  '/evaluate',
])('bad input %s gets the same problem from all', async path => {
  const { status, type } = await askAll(path)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(type).toBe('application/problem+json')
})

test('the largest expression is computed by all', async () => {
  const body = JSON.stringify({ expression: `1${'+1'.repeat(256)}` })
  expect(await askAll('/evaluate', { method: 'POST', body })).toMatchObject({
    status: 200,
    body: { result: '257' },
  })
})
