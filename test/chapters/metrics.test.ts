import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { query as askPrometheus } from '@hardway/cli/prometheus'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder, write } from '../harness/by-hand.ts'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { startLoad, tally } from '../harness/load.ts'
import { getRaw } from '../harness/raw-http.ts'
import { growth, numbersOf, scrape } from '../harness/scrape.ts'

const { folder, remove } = temporaryFolder()
afterAll(remove)

const pods = ['gateway', 'calculator', 'add', 'subtract', 'multiply', 'prometheus']
const applications = ['calculator', 'add', 'subtract', 'multiply']

let chapter: RunningChapter
/** Prometheus's key and SVID, and those of a workload that has no business here. */
let [prometheus, add] = ['', '']
let roots: string
beforeAll(async () => {
  // On a machine that has much to do an OPA may be late, and then some answers are 503: not here.
  const authorization = { ...mesh.authorization!, timeout: '4s' }
  chapter = await startChapter('08-prometheus', 81, { mesh: { ...mesh, authorization } })
  prometheus = write(folder, 'prometheus.pem', await chapter.identity('mint', 'prometheus'))
  add = write(folder, 'add.pem', await chapter.identity('mint', 'add'))
  roots = readFileSync(join(chapter.svidFolder('add'), 'current/bundle.pem'), 'utf8')
})
afterAll(() => chapter.stop())

const ask = async (path: string, expression?: string, token = chapter.token) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = expression === undefined ? {} : { method: 'POST', body: JSON.stringify({ expression }) }
  const response = await fetch(chapter.url + path, { headers, ...post })
  await response.text()
  return response.status
}

const scrapeAs = (file: string, pod: string, path?: string, method?: string) =>
  scrape(`${chapter.host(pod)}:15020`, file, roots, pod, path, method)

/** What Prometheus reads in a pod. */
async function numbers(pod: string): Promise<Map<string, number>> {
  const paths = ['/stats/prometheus', ...(applications.includes(pod) ? ['/metrics'] : [])]
  const answers = await Promise.all(paths.map(path => scrapeAs(prometheus, pod, path)))
  return numbersOf(answers.map(({ text }) => text).join('\n'))
}

const allNumbers = async () =>
  new Map(await Promise.all(pods.map(async pod => [pod, await numbers(pod)] as const)))

/** Counts requests: not how long they took, nor what is open now, nor what is of the machine. */
const counts = /_rq_xx|_cluster_grpc\{|_rq_time_count|_ext_authz_error|_duration_seconds_count/

/** Asks Prometheus through the door at the gateway, as the operator does. */
const query = (promql: string) => askPrometheus(`${new URL(chapter.url).hostname}:9090`, promql)

const numberOf = async (promql: string) => (await query(promql))[0]?.value

/** How many calls of an operation the calculator's Envoy has seen end well. */
async function called(operation: string): Promise<number> {
  const name = `envoy_cluster_grpc{envoy_cluster_name="${operation}",grpc_status="0"}`
  return (await numbers('calculator')).get(name) ?? 0
}

/** The same, as Prometheus knows it. */
const knownCalls = (operation: string) =>
  numberOf(`sum(envoy_cluster_grpc{source="calculator",destination="${operation}",grpc_status="0"})`)

describe('one /evaluate', () => {
  /** What was counted and is not timed yet, at the two Envoys that call others: Envoy adds up its histograms every 5 s. */
  const untimed = async () => {
    const all = [...(await numbers('gateway')), ...(await numbers('calculator'))]
    const sum = (names: RegExp) =>
      all.filter(([name]) => names.test(name)).reduce((total, [, value]) => total + value, 0)
    return sum(/^envoy_.*_rq_xx|^envoy_cluster_grpc/) - sum(/^envoy_.*_rq_time_count/)
  }

  test('moves these counters by this much, and no other', async () => {
    await ask('/evaluate', '2*(3+4)-5') // every counter is there from its first count on
    await expect.poll(untimed, { timeout: 15_000 }).toBe(0)
    const before = await allNumbers()
    expect(await ask('/evaluate', '2*(3+4)-5')).toBe(200)
    await expect.poll(untimed, { timeout: 15_000 }).toBe(0)
    const after = await allNumbers()

    const to = (destination: string) => `envoy_cluster_name="${destination}"`
    const served = (operation: string) => ({
      [`calculator_request_duration_seconds_count{operation="${operation}",status="OK"}`]: 1,
    })
    const asked = (operation: string) => ({
      [`envoy_cluster_grpc{${to(operation)},grpc_status="0"}`]: 1,
      [`envoy_cluster_upstream_rq_time_count{${to(operation)}}`]: 1,
    })
    const gateway = 'envoy_http_conn_manager_prefix="gateway"'
    const grown = pods.map(pod => {
      const all = Object.entries(growth(before.get(pod)!, after.get(pod)!))
      return [pod, Object.fromEntries(all.filter(([name]) => counts.test(name)))]
    })
    expect(Object.fromEntries(grown)).toEqual({
      gateway: {
        [`envoy_http_downstream_rq_xx{${gateway},envoy_response_code_class="2"}`]: 1,
        [`envoy_http_downstream_rq_time_count{${gateway}}`]: 1,
        [`envoy_cluster_upstream_rq_xx{${to('calculator')},envoy_response_code_class="2"}`]: 1,
        [`envoy_cluster_upstream_rq_time_count{${to('calculator')}}`]: 1,
      },
      calculator: {
        'calculator_request_duration_seconds_count{operation="/evaluate",status="200"}': 1,
        ...asked('add'),
        ...asked('subtract'),
        ...asked('multiply'),
      },
      add: served('add'),
      subtract: served('subtract'),
      multiply: served('multiply'),
      prometheus: {},
    })
  })

  test('is found in Prometheus, with who called whom', async () => {
    const before = await called('multiply')
    expect(await ask('/evaluate', '2*3*4')).toBe(200)
    expect(await called('multiply')).toBe(before + 2)
    await expect.poll(() => knownCalls('multiply'), { timeout: 15_000 }).toBe(before + 2)
  })
})

describe('the metrics listener', () => {
  test('is open to Prometheus, on every pod', async () => {
    for (const pod of pods) expect(await scrapeAs(prometheus, pod)).toMatchObject({ status: 200 })
    for (const pod of applications) {
      expect(await scrapeAs(prometheus, pod, '/metrics')).toMatchObject({ status: 200 })
    }
  })

  test('is closed to everybody else, whatever good certificate they have', async () => {
    for (const pod of pods) {
      expect(await scrapeAs(prometheus, pod)).toMatchObject({ status: 200 })
      await expect(scrapeAs(add, pod)).rejects.toThrow(/alert certificate unknown|ECONNRESET|closed/i)
    }
  })

  test('gives nothing but numbers, and takes nothing', async () => {
    expect(await scrapeAs(prometheus, 'add', '/metrics')).toMatchObject({ status: 200 })
    for (const path of [
      '/',
      '/config_dump',
      '/stats',
      '/ready',
      '/drain_listeners',
      '/healthz',
      '/stats/prometheus/x',
    ]) {
      expect({ path, ...(await scrapeAs(prometheus, 'add', path)) }).toMatchObject({ path, status: 404 })
    }
    expect(await scrapeAs(prometheus, 'add', '/stats/prometheus', 'POST')).toMatchObject({ status: 404 })
  })

  test('lets Prometheus in nowhere else: with its certificate it may call nobody', async () => {
    const { callAs } = await import('../harness/grpc.ts')
    const address = `${chapter.host('add')}:15006`
    const calculator = write(folder, 'calculator.pem', await chapter.identity('mint', 'calculator'))
    expect(await callAs(calculator, roots, 'add', address, chapter.token)).toBe('13')
    expect(await callAs(prometheus, roots, 'add', address, chapter.token)).toMatch(
      /^PERMISSION_DENIED: .*prometheus may not call add/,
    )
  })
})

describe('the door', () => {
  const door = () => chapter.url.replace('8080', '9090')
  const path = '/api/v1/query?query=up'

  test.each(['localhost', 'localhost:9090', '127.0.0.1:9090'])('answers to the name %s', async host => {
    expect(await getRaw(door(), path, { host })).toMatchObject({ status: 200 })
  })

  test.each(['evil.example', 'localhost.evil.example', 'prometheus', '127.0.0.1.evil.example:9090'])(
    'and not to %s',
    async host => {
      expect(await getRaw(door(), path, { host: 'localhost' })).toMatchObject({ status: 200 })
      expect(await getRaw(door(), path, { host })).toMatchObject({ status: 404 })
    },
  )

  test('lets no page of another origin read what it gives', async () => {
    const allowed = async (origin: string) =>
      (await getRaw(door(), path, { origin })).headers['access-control-allow-origin']
    expect(await allowed('http://localhost:9090')).toBe('http://localhost:9090')
    expect(await allowed('https://evil.example')).toBeUndefined()
  })

  test('lets nobody change or stop anything', async () => {
    expect(await getRaw(door(), '/-/ready')).toMatchObject({ status: 200 })
    const { sendRaw } = await import('../harness/raw-http.ts')
    const post = (path: string) =>
      sendRaw(
        door(),
        `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      )
    for (const path of ['/-/quit', '/-/reload']) expect(await post(path)).toMatchObject({ status: 403 })
    expect((await post('/api/v1/admin/tsdb/snapshot')).body).toContain('admin APIs disabled')
  })
})

describe('Prometheus', () => {
  const down = () => query('up == 0')

  test('reads every pod, and every application', async () => {
    await expect.poll(() => numberOf('sum(up)'), { timeout: 15_000 }).toBe(pods.length + applications.length)
  })

  /** A load on subtract, of which no request may fail. */
  async function subtracts(most: number): Promise<void> {
    const load = startLoad(`${chapter.url}/subtract?a=3&b=2`, chapter.token, { rate: 200, most })
    await expect.poll(load.done, { timeout: 30_000 }).toBe(most)
    expect(tally(await load.stop())).toEqual({ 200: most })
  }
  const known = () => knownCalls('subtract').catch(() => undefined)

  test('frozen, harms no request; thawed, it has counted what happened meanwhile', async () => {
    const before = await called('subtract')
    await expect.poll(known, { timeout: 15_000 }).toBe(before)
    await chapter.kill('prometheus', 'SIGSTOP')
    await subtracts(600)
    await chapter.kill('prometheus', 'SIGCONT')
    await expect.poll(known, { timeout: 30_000 }).toBe(before + 600)
  })

  test('killed, harms no request; started again, it knows what it knew, and what happened meanwhile', async () => {
    const before = await called('subtract')
    await expect.poll(known, { timeout: 15_000 }).toBe(before)
    await chapter.kill('prometheus', 'SIGKILL')
    await subtracts(400)
    await chapter.up()
    await expect.poll(known, { timeout: 30_000 }).toBe(before + 400)
    expect(await numberOf('max_over_time(sum(up)[1m:1s])')).toBe(pods.length + applications.length)
    await expect.poll(down, { timeout: 15_000 }).toEqual([])
  })

  test('raises an alert for a pod that gives no numbers, and takes it back', async () => {
    const firing = () => query('ALERTS{alertname="TargetDown",alertstate="firing",instance="multiply"}')
    await expect.poll(down, { timeout: 15_000 }).toEqual([])
    expect(await firing()).toEqual([])
    await chapter.kill('multiply-envoy', 'SIGSTOP')
    await expect.poll(async () => (await firing()).length, { timeout: 60_000 }).toBe(2) // envoy and application
    await chapter.kill('multiply-envoy', 'SIGCONT')
    await expect.poll(firing, { timeout: 30_000 }).toEqual([])
  }, 120_000)
})

test('20,000 requests, each of another path or with other operands, add no series', async () => {
  /** All that was read, and not what rules make of it: that comes and goes with who calls whom. */
  const series = async () => (await query('{job=~".+"}')).map(({ labels }) => JSON.stringify(labels)).sort()
  const answers = () => numberOf('sum(envoy_http_downstream_rq_xx)')
  const paths = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => (n % 2 ? `/${from + n}?a=1` : `/add?a=${from + n}&b=${n}`))
  // Bob is refused, too: of every kind there has been one.
  const bob = await chapter.identity('token', 'bob')
  const token = await chapter.identity('token', 'alice')
  await storm(['/multiply?a=1&b=2', '/add?a=x&b=2', '/add?a=1'], bob)
  await storm(paths(0, 50), token)
  await expect.poll(async () => (await ask('/evaluate', '1+2*3-4', token)) === 200).toBe(true)
  const before = await settled(series)
  const counted = (await answers())!
  expect(before.length).toBeGreaterThan(100)
  await storm(paths(50, 20_000), token)
  await expect.poll(answers, { timeout: 30_000 }).toBe(counted + 20_000)
  expect(await settled(series)).toEqual(before)
}, 300_000)

/** What is the same in all that Prometheus read in 15 s. */
async function settled(read: () => Promise<string[]>): Promise<string[]> {
  const seen: string[][] = []
  const isSettled = () => seen.length >= 4 && new Set(seen.slice(-4).map(({ length }) => length)).size === 1
  await expect
    .poll(async () => seen.push(await read()) && isSettled(), { interval: 5_000, timeout: 120_000 })
    .toBe(true)
  return seen.at(-1)!
}

/** Sends these requests, 16 at a time. */
async function storm(paths: string[], token: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const waiting = [...paths]
  const worker = async () => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await get(path)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  agent.destroy()

  function get(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` }
      const outgoing = request(chapter.url + path, { agent, headers }, response => {
        response.resume().on('end', resolve)
      })
      outgoing.on('error', reject).end()
    })
  }
}
