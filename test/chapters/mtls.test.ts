import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { foreignAuthority, signByHand, temporaryFolder, write } from '../harness/by-hand.ts'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { envoyStat } from '../harness/envoy-stats.ts'
import { sClient } from '../harness/s-client.ts'
import { serveAs } from '../harness/s-server.ts'

const sidecars = ['calculator', 'add', 'subtract', 'multiply']
const { folder, remove } = temporaryFolder()
afterAll(remove)

const status = async ({ url, token }: RunningChapter, path = '/add?a=1&b=2') =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status

describe('04-mtls', () => {
  let chapter: RunningChapter
  let roots: string
  let add: string
  beforeAll(async () => {
    chapter = await startChapter('04-mtls', 41)
    roots = write(folder, 'roots.pem', await chapter.identity('bundle', '--format', 'pem'))
    add = write(folder, 'add.pem', await chapter.identity('mint', 'add'))
  })
  afterAll(() => chapter.stop())

  const show = (file: string) => ['-cert', file, '-key', file]
  const knock = (pod: string, ...options: string[]) => sClient(`${chapter.host(pod)}:15006`, ...options)

  test('an authorized request passes all hops', async () => {
    expect(await status(chapter)).toBe(200)
  })

  describe.each(sidecars)("%s's sidecar", pod => {
    test('serves whoever has an SVID, and shows its own', async () => {
      expect(await knock(pod, ...show(add))).toBe('served')
      const name = `spiffe://hardway.test/${pod}`
      const verify = ['-CAfile', roots, '-verify_return_error', '-verify', '1']
      expect(await knock(pod, ...show(add), ...verify)).toBe('served')
      expect(await chapter.identity('show', join(chapter.svidFolder(pod), 'current/svid.pem'))).toContain(
        name,
      )
    })

    test('refuses whoever has no certificate', async () => {
      expect(await knock(pod, ...show(add))).toBe('served')
      expect(await knock(pod)).toBe('alert certificate required')
    })

    test('refuses a certificate of another authority', async () => {
      const foreign = await signByHand(folder, await foreignAuthority(folder), '/', [
        'URI:spiffe://hardway.test/add',
      ])
      expect(await knock(pod, ...show(add))).toBe('served')
      expect(await knock(pod, ...show(foreign))).toBe('alert unknown ca')
    })

    test('refuses an SVID that has expired', async () => {
      const brief = write(folder, 'brief.pem', await chapter.identity('mint', 'add', '--ttl', '3s'))
      expect(await knock(pod, ...show(brief))).toBe('served')
      await expect
        .poll(() => knock(pod, ...show(brief)), { timeout: 10_000, interval: 500 })
        .toBe('alert certificate expired')
    })

    test('refuses TLS 1.2', async () => {
      expect(await knock(pod, ...show(add), '-tls1_3')).toBe('served')
      expect(await knock(pod, ...show(add), '-tls1_2')).toBe('alert protocol version')
    })
  })

  describe('a certificate that our own authority should never have signed is refused', () => {
    test.each([
      ['of another trust domain', '/', ['URI:spiffe://hardway.test.evil/add']],
      ['with a name in its subject only', '/CN=spiffe:\\/\\/hardway.test\\/add', []],
      ['with a DNS name for an ID', '/', ['DNS:add.hardway.test']],
    ])('%s', async (_, subject, names) => {
      const authority = ownAuthority()
      const right = await signByHand(folder, authority, '/', ['URI:spiffe://hardway.test/add'])
      expect(await knock('multiply', ...show(right))).toBe('served')
      const wrong = await signByHand(folder, authority, subject, names)
      expect(await knock('multiply', ...show(wrong))).toMatch(/^alert /)
    })
  })

  test('Envoy would take a certificate with two SPIFFE IDs: that one is never signed is all that guards this door', async () => {
    const names = ['URI:spiffe://hardway.test/add', 'URI:spiffe://hardway.test/calculator']
    const both = await signByHand(folder, ownAuthority(), '/', names)
    expect(await knock('multiply', ...show(both))).toBe('served')
  })

  test('each pod has a folder of its own, and its key is for nobody else', () => {
    for (const pod of ['gateway', ...sidecars]) {
      const current = join(chapter.svidFolder(pod), 'current')
      expect(lstatSync(current).isSymbolicLink()).toBe(true)
      expect(readdirSync(current).sort()).toEqual(['bundle.pem', 'key.pem', 'svid.pem'])
      expect((statSync(join(current, 'key.pem')).mode & 0o777).toString(8)).toBe('600')
      expect((statSync(chapter.svidFolder(pod)).mode & 0o777).toString(8)).toBe('700')
    }
    const keys = ['gateway', ...sidecars].map(pod =>
      readFileSync(join(chapter.svidFolder(pod), 'current/key.pem'), 'utf8'),
    )
    expect(new Set(keys).size).toBe(5)
  })

  test('new SVIDs are taken without a restart', async () => {
    const updates = () =>
      envoyStat(
        chapter.host('add'),
        'listener.127.41.3.1_15006.server_ssl_socket_factory.ssl_context_update_by_sds',
      )
    const [before, pids] = [await updates(), await chapter.pids()]
    await chapter.identity('rotate', 'svid')
    await expect.poll(updates, { timeout: 10_000 }).toBeGreaterThan(before)
    expect(await status(chapter)).toBe(200)
    expect(await chapter.pids()).toEqual(pids)
  })

  /** The authority of this chapter, for openssl: whoever has its key can sign anything. */
  function ownAuthority(): { certificate: string; key: string } {
    const { x509_authorities: x509 } = JSON.parse(
      readFileSync(join(chapter.authority, 'authority.json'), 'utf8'),
    )
    const active = x509.find(({ state }: { state: string }) => state === 'active')
    return {
      certificate: write(folder, 'own.pem', active.certificate),
      key: write(folder, 'own.key', active.key),
    }
  }
})

test("a caller speaks with nobody but the real one: another workload's SVID will not do", async () => {
  const chapter = await startChapter('04-mtls', 42, { without: 'add-envoy' })
  onTestFinished(() => chapter.stop())
  const stat = (name: string) => envoyStat(chapter.host('calculator'), `cluster.add.ssl.${name}`)
  const address = `${chapter.host('add')}:15006`
  const roots = write(folder, 'roots-42.pem', await chapter.identity('bundle', '--format', 'pem'))
  const svidOf = async (name: string) => write(folder, `${name}-42.pem`, await chapter.identity('mint', name))

  const real = await serveAs(address, await svidOf('add'), roots)
  onTestFinished(real.stop)
  await status(chapter) // it cannot add, but it is called
  await expect.poll(() => stat('handshake'), { timeout: 10_000 }).toBe(1)
  await real.stop()

  const impostor = await serveAs(address, await svidOf('multiply'), roots)
  onTestFinished(impostor.stop)
  expect(await status(chapter)).toBe(503)
  await expect.poll(() => stat('fail_verify_san'), { timeout: 10_000 }).toBeGreaterThan(0)
  expect(await stat('handshake')).toBe(1)
})

test('without the identity service all goes on until SVIDs expire; status warns; with it all is well again', async () => {
  const identity = { ...mesh.identity!, svid_ttl: '12s' }
  const chapter = await startChapter('04-mtls', 43, { mesh: { ...mesh, identity } })
  onTestFinished(() => chapter.stop())
  const state = async () => {
    const { svids } = JSON.parse(await chapter.identity('status', '--json').catch(({ stdout }) => stdout))
    return svids.find(({ pod }: { pod: string }) => pod === 'add').state
  }
  expect(await state()).toBe('fresh')
  await chapter.kill('identity', 'SIGKILL')
  await expect.poll(state, { timeout: 15_000 }).toBe('warn')
  expect(await status(chapter)).toBe(200)
  await expect.poll(state, { timeout: 15_000 }).toBe('expired')
  await expect.poll(() => status(chapter), { timeout: 15_000 }).toBe(503)
  await chapter.up({ ...mesh, identity })
  await expect.poll(() => status(chapter), { timeout: 10_000 }).toBe(200)
})
