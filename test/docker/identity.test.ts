import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DockerChapter, dockerChapter, engine } from './docker-chapter.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const sidecars = ['calculator', 'add', 'subtract', 'multiply'].map(pod => `${pod}-envoy`)

describe.runIf(engine)('04-mtls in containers', () => {
  let chapter: DockerChapter
  beforeAll(async () => {
    chapter = await dockerChapter('04-mtls')
    await chapter.up()
  })
  afterAll(() => chapter.stop())

  const answers = () =>
    expect.poll(async () => (await chapter.get('/add?a=1&b=2')).status, { timeout: 20_000 }).toBe(200)

  test('a request passes all hops', answers)

  test.each(['gateway', ...sidecars])(
    '%s has its own key, for its user only, in memory, and no other',
    async name => {
      const list =
        'cd /etc/envoy/svid && stat --format "%a %u %n" current/key.pem; find / -name key.pem 2>/dev/null || true'
      const [own, ...found] = (await chapter.exec(name, 'bash', '-c', list)).split('\n')
      expect(own).toBe('600 101 current/key.pem')
      expect(new Set(found.map(path => path.replace(/\/svid\/[^/]+\//, '/svid/…/')))).toEqual(
        new Set(['/etc/envoy/svid/…/key.pem']),
      )
      expect(await chapter.exec(name, 'stat', '--file-system', '--format', '%T', '/etc/envoy/svid')).toBe(
        'tmpfs',
      )
      const write = chapter.exec(name, 'touch', '/etc/envoy/svid/x')
      await expect(write).rejects.toThrow('Read-only file system')
    },
  )

  test('an application cannot read any key, not even that of its own pod', async () => {
    const find = 'find / -name key.pem 2>/dev/null || true'
    expect(await chapter.exec('add-envoy', 'bash', '-c', find)).toContain('key.pem')
    for (const name of ['add', 'add-pod', 'calculator']) {
      expect(await chapter.exec(name, 'bash', '-c', find)).toBe('')
    }
  })

  test('the identity service can be reached by nobody', async () => {
    const { identity } = await chapter.inspect()
    expect(identity!.NetworkSettings.Ports).toEqual({})
    const devices = (await chapter.exec('identity', 'cat', '/proc/net/dev')).split('\n').slice(2)
    expect(devices.map(line => line.trim().split(':')[0])).toEqual(['lo'])
  })

  test('an SVID is renewed without a restart of anything', async () => {
    const serial = () =>
      chapter.exec('add-envoy', 'bash', '-c', 'sha256sum </etc/envoy/svid/current/svid.pem')
    const before = await serial()
    await chapter.exec('identity', 'node', 'services/identity/src/main.ts', 'rotate', 'svid')
    expect(await serial()).not.toBe(before)
    await answers()
  })

  test('the identity service, killed and started again, has the same authority', async () => {
    const bundle = () =>
      chapter.exec('identity', 'node', 'services/identity/src/main.ts', 'bundle', '--format', 'pem')
    const before = await bundle()
    await chapter.platform.kill('identity', 'SIGKILL')
    await answers()
    await chapter.up()
    expect(await bundle()).toBe(before)
    await answers()
  })
})
