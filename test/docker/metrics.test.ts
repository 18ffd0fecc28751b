import { query as askPrometheus } from '@hardway/cli/prometheus'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DockerChapter, dockerChapter, engine } from './docker-chapter.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const connect = `
const [host, port] = process.argv.slice(1)
const end = what => { console.log(what); process.exit() }
require('node:net').connect({ host, port: Number(port) }).on('connect', () => end('open')).on('error', ({ code }) => end(code))`

describe.runIf(engine)('08-prometheus in containers', () => {
  let chapter: DockerChapter
  beforeAll(async () => {
    chapter = await dockerChapter('08-prometheus')
    await chapter.up()
  })
  afterAll(() => chapter.stop())

  const query = async (promql: string) =>
    (await askPrometheus(chapter.docker.doors.prometheus!, promql)).map(({ value }) => value)

  test('every pod is read, each in its own place', async () => {
    await expect.poll(() => query('sum(up)'), { timeout: 30_000 }).toEqual([10])
  })

  test('a request is counted where it passes', async () => {
    const total = () =>
      query('sum(envoy_cluster_grpc{source="calculator",destination="add",grpc_status="0"})')
    expect(await chapter.get('/add?a=1&b=2')).toMatchObject({ status: 200 })
    await expect.poll(total, { timeout: 30_000 }).toEqual([expect.any(Number)])
    const [before = 0] = await total()
    expect(await chapter.get('/add?a=1&b=2')).toMatchObject({ status: 200 })
    await expect.poll(total, { timeout: 30_000 }).toEqual([before + 1])
  })

  test('two addresses are published, on loopback: for people, and for the operator', async () => {
    const published = Object.entries(await chapter.inspect()).flatMap(([name, { NetworkSettings }]) =>
      Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) =>
        (bindings ?? []).map(({ HostIp, HostPort }) => `${name} ${port} ${HostIp}:${HostPort}`),
      ),
    )
    const { published: people, doors } = chapter.docker
    expect(published.sort()).toEqual([
      `gateway-pod 8080/tcp ${people}`,
      `gateway-pod 9090/tcp ${doors.prometheus}`,
    ])
  })

  test('from another pod Prometheus is reached through its sidecar only, and its numbers not at all', async () => {
    const reach = (pod: string, port: number) =>
      chapter.exec('multiply', 'node', '--eval', connect, pod, `${port}`)
    for (const port of [15006, 15020]) expect(await reach('prometheus', port)).toBe('open')
    for (const port of [9090, 15000, 15001]) expect(await reach('prometheus', port)).toBe('ECONNREFUSED')
    expect(await reach('add', 15020)).toBe('open')
    for (const port of [8081, 15000]) expect(await reach('add', port)).toBe('ECONNREFUSED')
  })

  test('what Prometheus knew it still knows when it was killed', async () => {
    const older = () => query('max_over_time(sum(up)[10m:5s] offset 5s)')
    await expect.poll(older, { timeout: 60_000 }).toEqual([10])
    await chapter.platform.kill('prometheus', 'SIGKILL')
    expect(await chapter.get('/add?a=1&b=2')).toMatchObject({ status: 200 })
    await chapter.up()
    await expect.poll(() => older().catch(() => []), { timeout: 30_000 }).toEqual([10])
  })
})
