import { computeClient } from '@hardway/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { startLoad, tally } from '../harness/load.ts'

/** 200 requests per second, for 30 s at most. */
const load = { rate: 200, most: 6_000 }

const until = (condition: () => boolean) =>
  expect.poll(condition, { timeout: 20_000, interval: 10 }).toBe(true)

/** Loads, waits for 200 answers, does something, waits for 200 more, and tells how all of them ended. */
async function during(url: string, token: string, act: () => Promise<unknown>) {
  const running = startLoad(url, token, load)
  await until(() => running.done() >= 200)
  await act()
  const before = running.done()
  await until(() => running.done() >= before + 200)
  return running.stop()
}

describe.each([
  ['01-monolith', 'monolith', 11],
  ['02-services', 'calculator', 12],
])('%s', (slug, name, net) => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter(slug, net)
  })
  afterAll(() => chapter.stop())

  test(`SIGTERM to ${name} under load loses no request that was sent`, async () => {
    const url = `${chapter.url}/add?a=1&b=2`
    const outcomes = await during(url, chapter.token, () => chapter.kill(name, 'SIGTERM'))
    const { 200: answered = 0, ECONNREFUSED: refused = 0, ...lost } = tally(outcomes)
    expect(lost).toEqual({})
    expect(answered).toBeGreaterThanOrEqual(200)
    expect(refused).toBeGreaterThan(0) // it did stop

    await chapter.up()
    const after = await during(url, chapter.token, async () => {})
    expect(Object.keys(tally(after))).toEqual(['200'])
  })
})

describe('an operation of 02-services', () => {
  let chapter: RunningChapter
  beforeAll(async () => {
    chapter = await startChapter('02-services', 13)
  })
  afterAll(() => chapter.stop())

  test.each(['add', 'subtract', 'multiply'])(
    'SIGTERM to %s under load: 200, then 503 that names it',
    async name => {
      const url = `${chapter.url}/${name}?a=1&b=2`
      const outcomes = await during(url, chapter.token, () => chapter.kill(name, 'SIGTERM'))
      const { 200: answered = 0, 503: unavailable = 0, ...others } = tally(outcomes)
      expect(others).toEqual({})
      expect(answered).toBeGreaterThanOrEqual(200)
      expect(unavailable).toBeGreaterThan(0)
      expectNamed(outcomes, name)
      await expectRecovery(url, name)
    },
  )

  test.each(['add', 'subtract', 'multiply'])(
    '%s killed outright: only 502, 503 and 504, which name it',
    async name => {
      const url = `${chapter.url}/${name}?a=1&b=2`
      const outcomes = await during(url, chapter.token, () => chapter.kill(name, 'SIGKILL'))
      const { 200: _, 502: bad = 0, 503: unavailable = 0, 504: slow = 0, ...others } = tally(outcomes)
      expect(others).toEqual({})
      expect(bad + unavailable + slow).toBeGreaterThan(0)
      expectNamed(outcomes, name)
      await expectRecovery(url, name)
    },
  )

  test('a stopped operation is a 504 that names it, and the others go on', async () => {
    await chapter.kill('multiply', 'SIGSTOP')
    const headers = { authorization: `Bearer ${chapter.token}` }
    const slow = fetch(`${chapter.url}/multiply?a=1&b=2`, { headers })
    const add = await fetch(`${chapter.url}/add?a=1&b=2`, { headers })
    expect(add.status).toBe(200)
    expect(await (await slow).json()).toMatchObject({
      status: 504,
      detail: expect.stringContaining('multiply'),
    })
    await chapter.kill('multiply', 'SIGCONT')
    expect((await fetch(`${chapter.url}/multiply?a=1&b=2`, { headers })).status).toBe(200)
  })

  test('SIGTERM to add under gRPC calls: each is answered, or was never taken', async () => {
    const client = computeClient('add', `${chapter.host('add')}:50051`)
    const ends: string[] = []
    const calls: Promise<void>[] = []
    const timer = setInterval(() => {
      if (calls.length >= 6_000) return
      calls.push(
        new Promise(resolve => {
          client.compute({ a: '1', b: '2' }, { deadline: Date.now() + 5_000 }, (error, result) => {
            ends.push(error ? error.details : result!.value)
            resolve()
          })
        }),
      )
    }, 5)
    await until(() => ends.length >= 200)
    await chapter.kill('add', 'SIGTERM')
    await until(() => ends.some(end => end.includes('ECONNREFUSED')))
    clearInterval(timer)
    await Promise.all(calls)
    client.close()
    expect(ends.filter(end => end !== '3' && !end.includes('ECONNREFUSED'))).toEqual([])
    await chapter.up()
  })

  function expectNamed(outcomes: { status?: number; body: string }[], name: string): void {
    for (const { status, body } of outcomes) {
      if (status !== 200)
        expect(JSON.parse(body)).toMatchObject({ status, detail: expect.stringContaining(` ${name} `) })
    }
  }

  /** The dead process alone is started again, and its answers are back. */
  async function expectRecovery(url: string, name: string): Promise<void> {
    const { [name]: dead, ...others } = await chapter.pids()
    await chapter.up()
    const { [name]: fresh, ...same } = await chapter.pids()
    expect(same).toEqual(others)
    expect(fresh).not.toBe(dead)
    const ask = () =>
      fetch(url, { headers: { authorization: `Bearer ${chapter.token}` } }).then(({ status }) => status)
    await expect.poll(ask, { timeout: 5_000 }).toBe(200)
    expect(Object.keys(tally(await during(url, chapter.token, async () => {})))).toEqual(['200'])
  }
})
