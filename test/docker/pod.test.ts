import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DockerChapter, dockerChapter, engine } from './docker-chapter.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const connect = `
const [host, port] = process.argv.slice(1)
const end = what => { console.log(what); process.exit() }
require('node:net').connect({ host, port: Number(port) }).on('connect', () => end('open')).on('error', ({ code }) => end(code))`

describe.runIf(engine)('03-envoy in containers', () => {
  let chapter: DockerChapter
  beforeAll(async () => {
    chapter = await dockerChapter('03-envoy')
    await chapter.up()
  })
  afterAll(() => chapter.stop())

  const answers = () =>
    expect.poll(async () => (await chapter.get('/add?a=1&b=2')).status, { timeout: 20_000 }).toBe(200)
  const started = async () => {
    const containers = Object.entries(await chapter.inspect())
    return Object.fromEntries(
      containers.map(([name, { State }]) => [name, State.Running ? State.StartedAt : 'dead']),
    )
  }

  test('the same question has the same answer as on any platform', async () => {
    expect(await chapter.get('/add?a=0.1&b=0.2')).toEqual({
      status: 200,
      body: { operation: 'add', a: '0.1', b: '0.2', result: '0.3' },
    })
  })

  test.each(['calculator', 'add'])(
    'of the pod %s only the sidecar is reached from another pod',
    async pod => {
      const reach = (port: number) => chapter.exec('multiply', 'node', '--eval', connect, pod, `${port}`)
      expect(await reach(15006)).toBe('open')
      for (const port of [8080, 50051, 8081, 15000, 15001]) {
        expect([port, await reach(port)]).toEqual([port, 'ECONNREFUSED'])
      }
    },
  )

  test('an application is not called past its sidecar, which lets everybody in so far', async () => {
    const request = { service: 'multiply', a: '6', b: '7', timeout: 5_000 } as const
    expect(await chapter.platform.call({ ...request, address: 'multiply:15006' })).toBe('42')
    const direct = chapter.platform.call({ ...request, address: 'multiply:50051' })
    await expect(direct).rejects.toThrow(/^UNAVAILABLE: .*ECONNREFUSED/)
  })

  test('one address is published, on loopback, and that is the gateway', async () => {
    const published = Object.entries(await chapter.inspect()).flatMap(([name, { NetworkSettings }]) =>
      Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) =>
        (bindings ?? []).map(({ HostIp, HostPort }) => `${name} ${port} ${HostIp}:${HostPort}`),
      ),
    )
    expect(published).toEqual([`gateway-pod 8080/tcp ${chapter.docker.published}`])
  })

  test('no container is root, can write, has capabilities, or may fill memory or disk', async () => {
    const containers = Object.entries(await chapter.inspect())
    expect(containers.length).toBe(15)
    for (const [name, { Config, HostConfig }] of containers) {
      const { ReadonlyRootfs, CapDrop, SecurityOpt, Memory, LogConfig, RestartPolicy } = HostConfig
      expect([name, Config.User]).toEqual([name, expect.stringMatching(/^(1000:1000|101:101)$/)])
      expect({ ReadonlyRootfs, CapDrop, SecurityOpt, RestartPolicy }).toEqual({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        // An engine calls it "no" or nothing.
        RestartPolicy: expect.objectContaining({ Name: expect.stringMatching(/^(no)?$/) }),
      })
      expect(Memory).toBeGreaterThan(0)
      expect(Memory).toBeLessThanOrEqual(320 * 2 ** 20)
      expect(LogConfig.Config).toEqual({ 'max-size': '10m', 'max-file': '2' })
    }
  })

  test.each(['gateway', 'add', 'add-envoy', 'add-pod'])(
    '%s itself finds that it may do nothing',
    async service => {
      expect(await chapter.exec(service, 'cat', '/proc/1/status')).toMatch(/^CapEff:\t0+$/m)
      expect(await chapter.exec(service, 'bash', '-c', 'id -u; touch /x 2>&1 || true')).toMatch(
        /^(101|1000)\ntouch: .*Read-only file system$/,
      )
    },
  )

  test('the token is for its owner only, and stays the same', async () => {
    expect(await chapter.exec('calculator', 'stat', '--format', '%a %u', '/run/token/token')).toBe('600 1000')
    const token = await chapter.platform.token()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await fetch(`http://${chapter.docker.published}/add?a=1&b=2`)).status).toBe(401)
    await chapter.up()
    expect(await chapter.platform.token()).toBe(token)
  })

  test.each(['calculator', 'calculator-envoy', 'add', 'add-envoy'])(
    '%s, killed: the others go on; started again, the pod serves again',
    async name => {
      await answers()
      const { [name]: old, token: _, ...others } = await started()
      await chapter.platform.kill(name, 'SIGKILL')
      expect((await chapter.get('/add?a=1&b=2')).status).toBe(503)
      expect(await started()).toMatchObject({ ...others, [name]: 'dead' })

      await chapter.up()
      expect(chapter.said).toContain(`${name} is not running: starting it.`)
      const after = await started()
      expect(after).toMatchObject(others)
      expect(after[name]).not.toBe(old)
      await answers()
    },
  )

  test('the gateway, killed: nobody answers; started again, all is as before', async () => {
    await answers()
    const { gateway: _, token: __, ...others } = await started()
    await chapter.platform.kill('gateway', 'SIGKILL')
    await expect(chapter.get('/add?a=1&b=2')).rejects.toThrow('fetch failed')
    await chapter.up()
    expect(await started()).toMatchObject(others)
    await answers()
  })
})
