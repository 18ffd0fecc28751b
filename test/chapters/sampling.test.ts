import { askZipkin } from '@hardway/cli/zipkin'
import type { ZipkinSpan } from '@hardway/cli/zipkin-span'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { startLoad, tally } from '../harness/load.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const requests = 2_000
const sampling = 1 // percent
const kept = 1_000 // spans

let chapter: RunningChapter
let zipkin: string
beforeAll(async () => {
  chapter = await startChapter('09-zipkin', 92, {
    mesh: {
      ...mesh,
      tracing: { sampling, max_spans: kept },
      jwt: { ...mesh.jwt!, ttl: '1h' },
      authorization: { ...mesh.authorization!, timeout: '2s' },
    },
  })
  zipkin = `${new URL(chapter.url).hostname}:9411`
})
afterAll(() => chapter.stop())

test('one in a hundred requests is traced, and that one wholly', async () => {
  const load = startLoad(`${chapter.url}/add?a=1&b=2`, chapter.token, { rate: 100, most: requests })
  await expect.poll(load.done, { timeout: 120_000 }).toBe(requests)
  expect(tally(await load.stop())).toEqual({ 200: requests })
  const traces = () => askZipkin<ZipkinSpan[][]>(zipkin, '/traces?limit=1000')
  const sizes = async () => [...new Set((await traces()).map(({ length }) => length))]
  await expect.poll(sizes, { timeout: 30_000 }).toEqual([14]) // all of its spans, or none
  // 20 are expected. Fewer than 4 or more than 45 happen once in a million times.
  const { length } = await traces()
  expect(length).toBeGreaterThanOrEqual(4)
  expect(length).toBeLessThanOrEqual(45)
})

test('Zipkin keeps no more spans than it may, and the newest', async () => {
  const spans = `http://${chapter.host('add')}:9411/api/v2/spans` // where the application brings its own
  const id = (number: number) => number.toString(16).padStart(16, '0')
  const span = (number: number) => ({
    traceId: id(number),
    id: id(number),
    name: 'filler',
    timestamp: Date.now() * 1000,
    duration: 1,
    localEndpoint: { serviceName: 'filler' },
  })
  const sent = 5 * kept
  for (let first = 1; first <= sent; first += 500) {
    const body = JSON.stringify(Array.from({ length: 500 }, (_, index) => span(first + index)))
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(spans, { method: 'POST', headers, body })).status).toBe(202)
  }
  const found = async () => {
    const traces = await askZipkin<ZipkinSpan[][]>(zipkin, `/traces?serviceName=filler&limit=${sent}`)
    return traces.flat().map(({ id }) => id)
  }
  await expect.poll(found, { timeout: 10_000 }).toContain(id(sent))
  const ids = await found()
  expect(ids.length).toBeGreaterThan(0)
  expect(ids.length).toBeLessThanOrEqual(kept)
  expect(ids).not.toContain(id(1))
})
