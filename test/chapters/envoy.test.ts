import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { envoyStat } from '../harness/envoy-stats.ts'
import { startLoad, tally } from '../harness/load.ts'
import { getRaw, sendRaw } from '../harness/raw-http.ts'

const problemType = 'application/problem+json'

/** 200 requests per second, for 30 s at most. */
const load = { rate: 200, most: 6_000 }

const twoAdds = { ...mesh, workloads: { ...mesh.workloads, add: { ...mesh.workloads!.add!, replicas: 2 } } }

async function ask({ url, token }: RunningChapter, path: string) {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
  const type = response.headers.get('content-type')
  return { status: response.status, type, body: (await response.json()) as Record<string, unknown> }
}

describe('03-envoy', () => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter('03-envoy', 31)
  })
  afterAll(() => chapter.stop())

  const get = (path: string) => ask(chapter, path)
  const answers = () => expect.poll(async () => (await get('/add?a=1&b=2')).status, { timeout: 5_000 })

  describe('one process of a pod', () => {
    test.each([
      ['calculator', 'calculator'],
      ['calculator-envoy', 'calculator'],
      ['add', 'add'],
      ['add-envoy', 'add'],
    ])(
      '%s, killed: 503 that names %s; the others go on; started again, the pod serves again',
      async (name, blamed) => {
        await answers().toBe(200)
        const { [name]: old, ...others } = await chapter.pids()
        await chapter.kill(name, 'SIGKILL')
        const { status, type, body } = await get('/add?a=1&b=2')
        expect({ status, type }).toEqual({ status: 503, type: problemType })
        expect(body).toMatchObject({ status: 503, detail: expect.stringContaining(` ${blamed} `) })
        await expect.poll(() => chapter.pids()).toEqual({ ...others, [name]: 0 })

        await chapter.up()
        const { [name]: fresh, ...same } = await chapter.pids()
        expect(same).toEqual(others)
        expect(fresh).not.toBe(old)
        await answers().toBe(200)
      },
    )

    test('the gateway, killed: nobody is there; started again, all is as before', async () => {
      await answers().toBe(200)
      const { gateway: _, ...others } = await chapter.pids()
      await chapter.kill('gateway', 'SIGKILL')
      await expect(get('/add?a=1&b=2')).rejects.toThrow('fetch failed')
      await chapter.up()
      const { gateway: __, ...same } = await chapter.pids()
      expect(same).toEqual(others)
      await answers().toBe(200)
    })

    test.each(['multiply', 'multiply-envoy'])(
      '%s, frozen: 504 that names multiply, within 3 s',
      async name => {
        expect((await get('/multiply?a=6&b=7')).body).toMatchObject({ result: '42' })
        await chapter.kill(name, 'SIGSTOP')
        const began = performance.now()
        const { status, type, body } = await get('/multiply?a=6&b=7')
        expect(performance.now() - began).toBeLessThan(3_000)
        expect({ status, type }).toEqual({ status: 504, type: problemType })
        expect(body).toMatchObject({ detail: expect.stringContaining(' multiply ') })
        expect((await get('/add?a=6&b=7')).status).toBe(200)
        await chapter.kill(name, 'SIGCONT')
        await expect.poll(async () => (await get('/multiply?a=6&b=7')).status, { timeout: 5_000 }).toBe(200)
      },
    )
  })

  describe('a path', () => {
    const authorized = () => ({ authorization: `Bearer ${chapter.token}` })

    test.each([
      '/multiply',
      '//multiply',
      '/x/../multiply',
      '/./multiply',
      '/%6dultiply',
      '/x/%2e%2e/multiply',
    ])('spelled %s is /multiply', async path => {
      const { status, body } = await getRaw(chapter.url, `${path}?a=6&b=7`, authorized())
      expect(status).toBe(200)
      expect(body).toContain('"operation":"multiply"')
    })

    test.each(['/%2Fmultiply', '/%2fmultiply', '/x%5cmultiply', '/x%5Cmultiply', '/multiply%00', '/%00'])(
      'spelled %s is refused',
      async path => {
        const { status, headers, body } = await getRaw(chapter.url, `${path}?a=6&b=7`, authorized())
        expect(status).toBe(400)
        expect(headers['content-type']).toBe(problemType)
        expect(JSON.parse(body)).toMatchObject({ status: 400 })
      },
    )
  })

  describe("an error of Envoy's own is a problem like the calculator's", () => {
    const host = 'host: localhost\r\n'

    test.each([
      ['no Host', 400, 'GET /add HTTP/1.1\r\n\r\n'],
      [
        'two lengths',
        400,
        `POST / HTTP/1.1\r\n${host}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
      ],
      ['what is not HTTP', 400, 'hello\r\n\r\n'],
      ['a header with an underscore', 400, `GET /add HTTP/1.1\r\n${host}x_user: root\r\n\r\n`],
      ['a header of 70 KiB', 431, `GET /add HTTP/1.1\r\n${host}x-long: ${'a'.repeat(70 * 1024)}\r\n\r\n`],
      ['101 headers', 431, `GET /add HTTP/1.1\r\n${host}${'x-many: 1\r\n'.repeat(101)}\r\n`],
      ['HTTP/1.0', 426, 'GET /add HTTP/1.0\r\n\r\n'],
      ['a header that never ends', 408, `GET /add HTTP/1.1\r\n${host}x-slow: `],
    ])('%s: %i', async (_, status, request) => {
      const answer = await sendRaw(chapter.url, request)
      expect(answer.status).toBe(status)
      expect(answer.headers['content-type']).toBe(problemType)
      const body = JSON.parse(answer.body)
      expect(Object.keys(body).sort()).toEqual(['detail', 'status', 'title', 'type'])
      expect(body.status).toBe(status)
      expect(body.type).toMatch(/^https:\/\/hardway\.test\/problems\//)
    })

    test('and says nothing about what is behind', async () => {
      const answers = [await getRaw(chapter.url, '/%00'), await getRaw(chapter.url, '/add?a=1&b=2')]
      expect(answers.map(({ status }) => status)).toEqual([400, 401])
      for (const { headers } of answers) {
        expect(Object.keys(headers).filter(name => name === 'server' || name.startsWith('x-'))).toEqual([])
      }
    })
  })

  test.each(['gateway', 'calculator', 'add'])(
    "the admin of %s's Envoy lets one look, and no more",
    async pod => {
      const status = async (path: string, method = 'GET') =>
        (await fetch(`http://${chapter.host(pod)}:15000${path}`, { method })).status
      for (const path of ['/ready', '/stats', '/config_dump']) expect(await status(path)).toBe(200)
      for (const path of [
        '/quitquitquit',
        '/logging?level=debug',
        '/healthcheck/fail',
        '/runtime_modify?a=b',
      ]) {
        expect(await status(path, 'POST')).toBe(403)
      }
      expect(await status('/ready')).toBe(200)
    },
  )

  test('SIGTERM to the calculator under load: 200, then 503 of its sidecar, and nothing else', async () => {
    const running = startLoad(`${chapter.url}/add?a=1&b=2`, chapter.token, load)
    await expect.poll(running.done, { timeout: 20_000 }).toBeGreaterThan(200)
    await chapter.kill('calculator', 'SIGTERM')
    await expect.poll(async () => (await chapter.pids()).calculator, { timeout: 20_000 }).toBe(0)
    const { 200: answered = 0, 503: unavailable = 0, ...others } = tally(await running.stop())
    expect(others).toEqual({})
    expect(answered).toBeGreaterThan(200)
    expect(unavailable).toBeGreaterThan(0)
    await chapter.up()
    await answers().toBe(200)
  })

  test('another number of copies: only what has other settings now is started again', async () => {
    const before = await chapter.pids()
    const { 'calculator-envoy': old, ...others } = before
    await chapter.up(twoAdds)
    const { 'calculator-envoy': fresh, ...now } = await chapter.pids()
    expect(fresh).not.toBe(old)
    expect(now).toMatchObject(others)
    expect(Object.keys(now).filter(name => !(name in others))).toEqual(['add-2', 'add-2-envoy'])
    expect(chapter.said).toContain('Stopping calculator-envoy: it has other settings now.')
    await answers().toBe(200)

    await chapter.up()
    expect(Object.keys(await chapter.pids())).toEqual(Object.keys(before))
    await answers().toBe(200)
  })
})

describe('two copies of add', () => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter('03-envoy', 32, { mesh: twoAdds })
  })
  afterAll(() => chapter.stop())

  test('each get half of the requests, though calculator has one connection to its sidecar', async () => {
    const counted = () =>
      Promise.all(
        ['add', 'add-2'].map(pod => envoyStat(chapter.host(pod), 'http.inbound.downstream_rq_total')),
      )
    const [one = 0, other = 0] = await counted()
    for (let request = 0; request < 100; request++) {
      expect((await ask(chapter, `/add?a=${request}&b=1`)).body.result).toBe(String(request + 1))
    }
    const [oneNow = 0, otherNow = 0] = await counted()
    expect(oneNow - one + otherNow - other).toBe(100)
    expect(Math.abs(oneNow - one - 50)).toBeLessThanOrEqual(10)
  })
})

describe('down under load', () => {
  test.each([
    ['one operation', '/add?a=1&b=2', undefined],
    [
      'thirty operations, one after the other',
      '/evaluate',
      JSON.stringify({ expression: `1${'+1'.repeat(30)}` }),
    ],
  ])('loses no request that was sent: %s', async (_, path, body) => {
    const chapter = await startChapter('03-envoy', 33)
    onTestFinished(() => chapter.stop())
    const running = startLoad(chapter.url + path, chapter.token, { ...load, body })
    await expect.poll(running.done, { timeout: 20_000 }).toBeGreaterThan(200)
    await chapter.down()
    const { 200: answered = 0, ECONNREFUSED: refused = 0, ...lost } = tally(await running.stop())
    expect(lost).toEqual({})
    expect(answered).toBeGreaterThan(200)
    expect(refused).toBeGreaterThan(0) // it did stop
  })
})

describe('a header that a stranger made up', () => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter('03-envoy', 34, { without: 'calculator' })
    const echo = createServer(({ headers }, response) => response.end(JSON.stringify(headers)))
    await new Promise<void>(listening => echo.listen(8080, chapter.host('calculator'), listening))
    return async () => {
      echo.closeAllConnections()
      echo.close()
      await chapter.stop()
    }
  })

  /** The headers that an application in calculator's place sees. */
  async function seen(headers: Record<string, string>): Promise<Record<string, string>> {
    return JSON.parse((await getRaw(chapter.url, '/', headers)).body)
  }

  test('passes if it means nothing to Envoy', async () => {
    expect(await seen({ 'x-colour': 'blue' })).toMatchObject({ 'x-colour': 'blue', host: 'localhost' })
  })

  test.each([
    'x-request-id',
    'x-forwarded-client-cert',
    'x-forwarded-proto',
    'x-envoy-expected-rq-timeout-ms',
    'x-envoy-upstream-rq-timeout-ms',
    'x-envoy-retry-on',
    'x-envoy-max-retries',
    'x-envoy-internal',
    'x-envoy-original-path',
    'x-envoy-decorator-operation',
  ])('does not get in: %s', async name => {
    expect((await seen({ [name]: '12345' }))[name]).not.toBe('12345')
  })
})
