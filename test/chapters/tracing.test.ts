import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askZipkin, traceOf } from '@hardway/cli/zipkin'
import type { ZipkinSpan } from '@hardway/cli/zipkin-span'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { temporaryFolder, write } from '../harness/by-hand.ts'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { startLoad, tally } from '../harness/load.ts'
import { sendRaw } from '../harness/raw-http.ts'
import { scrape } from '../harness/scrape.ts'
import { getFromZipkin, outline } from '../harness/trace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 }) // Java takes a while to start where others work, too

const { folder, remove } = temporaryFolder()
afterAll(remove)

let chapter: RunningChapter
let zipkin: string
let bob: string
beforeAll(async () => {
  const patient = {
    ...mesh,
    jwt: { ...mesh.jwt!, ttl: '1h' }, // all of it takes longer than five minutes
    authorization: { ...mesh.authorization!, timeout: '2s' }, // on a machine where others work, too
  }
  chapter = await startChapter('09-zipkin', 91, { mesh: patient })
  zipkin = `${new URL(chapter.url).hostname}:9411`
  bob = await chapter.identity('token', 'bob')
})
afterAll(() => chapter.stop())

/** Asks for something; gives the status and the ID of the request. */
async function ask(path: string, { token = chapter.token, expression = '', headers = {} } = {}) {
  const post = expression ? { method: 'POST', body: JSON.stringify({ expression }) } : {}
  const response = await fetch(chapter.url + path, {
    ...post,
    headers: {
      ...headers,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(expression ? { 'content-type': 'application/json' } : {}),
    },
  })
  await response.text()
  return { status: response.status, id: response.headers.get('x-request-id')! }
}

/** The spans of a request, as soon as there are so many. */
async function spansOf(id: string, count: number): Promise<ZipkinSpan[]> {
  const come = async () => {
    const trace = await traceOf(zipkin, id)
    if (trace.length !== count) throw new Error(`${trace.length} spans: ${outline(trace).join(', ')}`)
    return trace
  }
  return vi.waitFor(come, { timeout: 30_000, interval: 200 })
}

const decision = 'async envoy.service.auth.v3.authorization.check egress'

/** What one call of an operation is made of, from the calculator on. */
const call = (operation: string, service: string) => [
  `calculator CLIENT calculator.v1.${service}/compute`,
  '  calculator SERVER outbound',
  `    calculator CLIENT to ${operation}`,
  `      ${operation} SERVER inbound`,
  `        ${operation} CLIENT ${decision}`,
  `        ${operation} CLIENT to application`,
  `          ${operation} SERVER calculator.v1.${service}/compute`,
]

const indented = (lines: string[], by: number) => lines.map(line => ' '.repeat(by) + line)

/** What any request is made of, up to the calculator. */
const arrival = (route: string) => [
  'gateway SERVER gateway',
  `  gateway CLIENT ${decision}`,
  '  gateway CLIENT to calculator',
  '    calculator SERVER inbound',
  `      calculator CLIENT ${decision}`,
  '      calculator CLIENT to application',
  `        calculator SERVER ${route}`,
]

describe('one /evaluate', () => {
  let trace: ZipkinSpan[]
  let id: string
  beforeAll(async () => {
    const answer = await ask('/evaluate', { expression: '(1+2)*(3+4)-5' })
    expect(answer.status).toBe(200)
    id = answer.id
    trace = await spansOf(id, 7 + 4 * 7)
  })

  test('is one tree of exactly these spans, each below the one that caused it', () => {
    const operations = [
      call('add', 'add'),
      call('add', 'add'),
      call('multiply', 'multiply'),
      call('subtract', 'subtract'),
    ]
    expect(outline(trace)).toEqual([...arrival('post /evaluate'), ...indented(operations.flat(), 10)])
    expect(new Set(trace.map(({ traceId }) => traceId)).size).toBe(1)
  })

  test('shows the two sums side by side, and the product after them', () => {
    const calls = trace.filter(({ kind, name }) => kind === 'CLIENT' && name.startsWith('calculator.v1.'))
    const [one, other, product] = calls.sort((a, b) => a.timestamp - b.timestamp) as ZipkinSpan[]
    expect([one, other, product].map(span => span!.name)).toEqual([
      'calculator.v1.add/compute',
      'calculator.v1.add/compute',
      'calculator.v1.multiply/compute',
    ])
    expect(other!.timestamp).toBeLessThan(one!.timestamp + one!.duration)
    for (const sum of [one!, other!]) {
      expect(product!.timestamp).toBeGreaterThanOrEqual(sum.timestamp + sum.duration)
    }
  })

  test('every span begins while the one that caused it lasts, and a call ends within the one who made it', () => {
    const tolerance = 3_000 // microseconds: an Envoy's and a service's clock differ by up to two milliseconds
    const end = ({ timestamp, duration }: ZipkinSpan) => timestamp + duration
    for (const span of trace) {
      const parent = trace.find(({ id }) => id === span.parentId)
      if (!parent) continue
      expect(span.timestamp).toBeGreaterThanOrEqual(parent.timestamp - tolerance)
      expect(span.timestamp).toBeLessThanOrEqual(end(parent) + tolerance)
      // Who serves may write down its end when the caller has long had the answer.
      if (span.kind === 'CLIENT') expect(end(span)).toBeLessThanOrEqual(end(parent) + tolerance)
    }
  })

  test('every line of every log about it has the ID of its trace', async () => {
    const [{ traceId }] = trace as [ZipkinSpan]
    const writers = [
      'gateway',
      'calculator',
      'calculator-envoy',
      'add',
      'add-envoy',
      'multiply',
      'multiply-envoy',
    ]
    for (const name of writers) {
      const lines = () =>
        chapter
          .log(name)
          .split('\n')
          .filter(line => line.includes(id))
          .map(line => (JSON.parse(line) as { trace_id?: string }).trace_id)
      await expect.poll(() => lines().length, { timeout: 10_000 }).toBeGreaterThan(0)
      expect([name, new Set(lines())]).toEqual([name, new Set([traceId])])
    }
  })
})

test("Zipkin's graph of who calls whom is that of mesh.yaml", async () => {
  for (const operation of ['add', 'subtract', 'multiply']) {
    const { id, status } = await ask(`/${operation}?a=1&b=2`)
    expect(status).toBe(200)
    await spansOf(id, 14)
  }
  const links = await askZipkin<{ parent: string; child: string }[]>(
    zipkin,
    `/dependencies?endTs=${Date.now() + 60_000}`,
  )
  const found = links
    .filter(({ parent, child }) => parent !== child)
    .map(({ parent, child }) => `${parent} ${child}`)
  const callers = Object.entries({ gateway: mesh.gateway!, ...mesh.workloads })
  const edges = callers.flatMap(([name, { calls = [] }]) => calls.map(upstream => `${name} ${upstream}`))
  expect(found.sort()).toEqual(edges.sort())
})

describe('a request that is refused has its span, and the reason', () => {
  test('without a token', async () => {
    const { status, id } = await ask('/add?a=1&b=2', { token: '' })
    expect(status).toBe(401)
    const [span] = await spansOf(id, 1)
    expect(span!.tags).toMatchObject({
      'http.status_code': '401',
      details: 'jwt_authn_access_denied{Jwt_is_missing}',
    })
  })

  test('at the gateway, by its policy', async () => {
    const { status, id } = await ask('/multiply?a=1&b=2', { token: bob })
    expect(status).toBe(403)
    const trace = await spansOf(id, 2)
    expect(outline(trace)).toEqual(['gateway SERVER gateway', `  gateway CLIENT ${decision}`])
    expect(trace.find(({ kind }) => kind === 'SERVER')!.tags).toMatchObject({
      'http.status_code': '403',
      details: 'ext_authz_denied',
      rule: 'operations.allowed',
      reason: 'client/bob may not multiply',
      person: 'spiffe://hardway.test/client/bob',
    })
  })

  test('deep inside, by the policy of an operation', async () => {
    const { status, id } = await ask('/evaluate', { token: bob, expression: '2*3' })
    expect(status).toBe(403)
    const trace = await spansOf(id, 7 + 5)
    expect(outline(trace)).toEqual([
      ...arrival('post /evaluate'),
      ...indented(call('multiply', 'multiply').slice(0, 5), 10),
    ])
    const refused = trace.find(
      ({ localEndpoint, kind }) => localEndpoint.serviceName === 'multiply' && kind === 'SERVER',
    )
    expect(refused!.tags).toMatchObject({ 'grpc.status_code': '7', reason: 'client/bob may not multiply' })
    const caller = trace.find(
      ({ name, kind }) => kind === 'CLIENT' && name === 'calculator.v1.multiply/compute',
    )
    expect(caller!.tags).toMatchObject({ error: 'PERMISSION_DENIED' })
  })
})

test('a stranger neither joins a trace nor says what is traced', async () => {
  const trace = '11111111111111111111111111111111'
  const headers = {
    traceparent: `00-${trace}-2222222222222222-00`,
    b3: `${trace}-2222222222222222-0`,
    'x-b3-traceid': trace,
    'x-b3-spanid': '2222222222222222',
    'x-b3-sampled': '0',
    'x-client-trace-id': 'mine',
  }
  const { status, id } = await ask('/add?a=1&b=2', { headers })
  expect(status).toBe(200)
  const spans = await spansOf(id, 14)
  expect(spans[0]!.traceId).not.toBe(trace)
  expect(outline(spans)).toEqual([...arrival('get /add'), ...indented(call('add', 'add'), 10)])
})

test('what stands in a query stands in no span', async () => {
  const { id } = await ask('/add?a=1&b=2&access_token=nobodys-business')
  const spans = await spansOf(id, 7)
  expect(spans.find(({ name }) => name === 'gateway')!.tags).toMatchObject({ 'http.url': '/add' })
  expect(JSON.stringify(spans)).not.toContain('nobodys-business')
  expect(JSON.stringify(spans)).not.toContain(chapter.token)
})

test('whoever sends spans makes none by that', async () => {
  const names = await askZipkin<string[]>(zipkin, '/services')
  expect(names.sort()).toEqual(['add', 'calculator', 'gateway', 'multiply', 'subtract'])
  const traces = await askZipkin<ZipkinSpan[][]>(zipkin, '/traces?limit=1000')
  for (const span of traces.flat()) {
    expect([span.tags['http.url'], span.name]).not.toContain('/api/v2/spans')
  }
})

describe('who comes in at Zipkin', () => {
  let roots: string
  const files = new Map<string, string>()
  beforeAll(async () => {
    roots = readFileSync(join(chapter.svidFolder('add'), 'current/bundle.pem'), 'utf8')
    for (const workload of ['gateway', 'add', 'prometheus']) {
      files.set(workload, write(folder, `${workload}.pem`, await chapter.identity('mint', workload)))
    }
  })
  const as = async (workload: string, method: string, path: string) =>
    (await scrape(`${chapter.host('zipkin')}:15006`, files.get(workload)!, roots, 'zipkin', path, method))
      .status

  test('the operator reads, at localhost and nowhere else', async () => {
    const status = async (host: string, method = 'GET') =>
      (await sendRaw(`http://${zipkin}`, `${method} /api/v2/services HTTP/1.1\r\nhost: ${host}\r\n\r\n`))
        .status
    expect(await status('localhost:9411')).toBe(200)
    expect(await status('127.0.0.1')).toBe(200)
    for (const host of ['evil.test', 'zipkin', 'localhost.evil.test', zipkin]) {
      expect([host, await status(host)]).toEqual([host, 404])
    }
    expect(await status('localhost', 'POST')).toBe(404)
  })

  test('no other page in the browser may read', async () => {
    const allowed = async (origin: string) =>
      (await getFromZipkin(zipkin, '/api/v2/services', { origin })).headers['access-control-allow-origin']
    expect(await allowed('http://localhost:9411')).toBe('http://localhost:9411')
    expect(await allowed('http://evil.test')).toBeUndefined()
  })

  test('a workload brings spans and reads nothing; Prometheus does neither', async () => {
    expect(await as('gateway', 'GET', '/api/v2/services')).toBe(200)
    expect(await as('add', 'GET', '/api/v2/services')).toBe(403)
    expect(await as('add', 'POST', '/api/v2/spans')).not.toBe(403) // an empty body is for Zipkin to judge
    expect(await as('prometheus', 'POST', '/api/v2/spans')).toBe(403)
    expect(await as('prometheus', 'GET', '/api/v2/services')).toBe(403)
    expect(await as('add', 'POST', '/actuator/loggers/root')).toBe(403)
  })

  test('nobody at Zipkin itself, past its Envoy: it listens on the loopback of its pod', () => {
    const sockets = ['tcp', 'tcp6'].flatMap(file => readFileSync(`/proc/net/${file}`, 'utf8').split('\n'))
    const addresses = sockets.flatMap(line => /^\s*\d+: ([0-9A-F]+):24C3 \S+ 0A /.exec(line)?.[1] ?? []) // 9411, LISTEN
    expect(addresses.length).toBeGreaterThanOrEqual(6) // Zipkin, the door, and the Envoy beside each application
    for (const address of addresses) expect(address).not.toMatch(/^0+$/)
  })
})

describe('whatever becomes of Zipkin', () => {
  const answered = async () => {
    const load = startLoad(`${chapter.url}/evaluate`, chapter.token, {
      rate: 40,
      most: 120,
      body: '{"expression":"1+2*3"}',
    })
    await expect.poll(load.done, { timeout: 60_000 }).toBe(120)
    return tally(await load.stop())
  }
  const dataComes = async () => {
    await expect
      .poll(
        async () => {
          const { id } = await ask('/add?a=1&b=2')
          await expect.poll(async () => (await traceOf(zipkin, id)).length, { timeout: 5_000 }).toBe(14)
          return id
        },
        { timeout: 60_000 },
      )
      .toBeTruthy()
  }

  test.each([
    ['zipkin', 'SIGSTOP'],
    ['zipkin-envoy', 'SIGSTOP'],
  ] as const)(
    '%s stopped: every request is answered; going on, the spans come again',
    async (name, signal) => {
      expect(await answered()).toEqual({ 200: 120 })
      await chapter.kill(name, signal)
      try {
        expect(await answered()).toEqual({ 200: 120 })
      } finally {
        await chapter.kill(name, 'SIGCONT')
      }
      await dataComes()
    },
  )

  test('zipkin slow, awake for a tenth of each second: every request is answered, and its spans come', async () => {
    const { zipkin: pid } = await chapter.pids()
    let tenth = 0
    const nodding = setInterval(() => process.kill(pid!, tenth++ % 10 === 9 ? 'SIGCONT' : 'SIGSTOP'), 100)
    try {
      expect(await answered()).toEqual({ 200: 120 })
    } finally {
      clearInterval(nodding)
      await chapter.kill('zipkin', 'SIGCONT')
    }
    await dataComes()
  })

  test('zipkin killed: every request is answered; started again, the spans come again', async () => {
    await chapter.kill('zipkin', 'SIGKILL')
    expect(await answered()).toEqual({ 200: 120 })
    await chapter.up()
    expect(chapter.said).toContain('zipkin is not running: starting it.')
    await dataComes()
  })
})
