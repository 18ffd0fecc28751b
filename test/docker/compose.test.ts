import { chapters } from '@hardway/compiler'
import { execa } from 'execa'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { mesh } from '../harness/definition.ts'
import {
  type DockerChapter,
  dockerChapter,
  engine,
  freePort,
  inspectProject,
  root,
} from './docker-chapter.ts'

vi.setConfig({ testTimeout: 240_000 })

/** The tag of the image that has the services as they are now. */
async function servicesImage(): Promise<string> {
  const { said, up, stop } = await dockerChapter('01-monolith')
  await up()
  await stop()
  return /MESH_SERVICES=(\S+)/.exec(said.join('\n'))![1]!
}

describe.runIf(engine)('a compose file', () => {
  test.each(chapters.map(({ slug }) => slug))('of %s is accepted without a warning', async slug => {
    const args = ['compose', '--file', `deploy/${slug}/compose.yaml`, 'config']
    const { stdout, stderr } = await execa('docker', args, { cwd: root })
    expect(stdout).toContain(`name: hardway-${slug}`)
    expect(stdout).toContain('host_ip: 127.0.0.1')
    expect(stderr).toBe('')
  })

  test('needs nothing but Docker, and leaves nothing', async () => {
    const project = `hardway-plain-${process.pid}`
    const published = `127.0.0.1:${await freePort()}`
    const env = { MESH_PUBLISHED: published, MESH_SERVICES: await servicesImage() }
    const compose = (...args: string[]) =>
      execa(
        'docker',
        ['compose', '--project-name', project, '--file', 'deploy/03-envoy/compose.yaml', ...args],
        {
          cwd: root,
          env,
        },
      )
    onTestFinished(async () => {
      await compose('down', '--volumes')
    })
    await compose('up', '--wait')
    const { stdout: token } = await compose('exec', '--no-TTY', 'calculator', 'cat', '/run/token/token')
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`http://${published}/multiply?a=6&b=7`, { headers })
    expect(await answer.json()).toMatchObject({ result: '42' })
    await compose('up', '--wait') // once more: nothing is in the way
    expect(Object.keys(await inspectProject(project)).length).toBe(15)

    await compose('down', '--volumes')
    const label = `label=com.docker.compose.project=${project}`
    expect(await inspectProject(project)).toEqual({})
    for (const kind of ['network', 'volume']) {
      expect((await execa('docker', [kind, 'ls', '--quiet', '--filter', label])).stdout).toBe('')
    }
  })
})

describe.runIf(engine)('two copies of the project', () => {
  const copies: DockerChapter[] = []
  afterAll(async () => {
    for (const copy of copies) await copy.stop()
  })

  test('do not touch each other', async () => {
    for (const _ of ['ours', 'theirs']) copies.push(await dockerChapter('01-monolith'))
    const [ours, theirs] = copies as [DockerChapter, DockerChapter]
    for (const copy of copies) await copy.up()
    expect(await ours.platform.token()).not.toBe(await theirs.platform.token())
    for (const copy of copies) expect((await copy.get('/add?a=1&b=2')).status).toBe(200)

    await ours.platform.kill('monolith', 'SIGKILL')
    expect((await theirs.get('/add?a=1&b=2')).status).toBe(200)
    await ours.platform.down(new AbortController().signal)
    expect(await ours.platform.status()).toBeUndefined()
    expect((await theirs.get('/add?a=1&b=2')).status).toBe(200)
  })
})

describe.runIf(engine)('two copies of add', () => {
  test('share the requests', async () => {
    const workloads = { ...mesh.workloads, add: { serves: 'grpc', replicas: 2 } as const }
    const chapter = await dockerChapter('03-envoy', { ...mesh, workloads })
    onTestFinished(() => chapter.stop())
    await chapter.up()
    const count = async (pod: string) => {
      const stat = 'http.inbound.downstream_rq_total'
      const url = `http://127.0.0.1:15000/stats?filter=^${stat}$`
      const fetchIt = `fetch('${url}').then(answer => answer.text()).then(console.log)`
      return Number((await chapter.exec(pod, 'node', '--eval', fetchIt)).trim().split(': ')[1])
    }
    // Their names were resolved when the first of them may not have been there yet; Envoy asks again every 5 s.
    await expect
      .poll(
        async () => {
          await chapter.get('/add?a=1&b=2')
          return (await count('add')) > 0 && (await count('add-2')) > 0
        },
        { timeout: 30_000, interval: 200 },
      )
      .toBe(true)
    const before = { first: await count('add'), second: await count('add-2') }
    for (let request = 0; request < 20; request++)
      expect((await chapter.get('/add?a=1&b=2')).status).toBe(200)
    expect((await count('add')) - before.first).toBe(10)
    expect((await count('add-2')) - before.second).toBe(10)
  })
})

describe.runIf(engine)('an up that is interrupted', () => {
  test('stops what it started', async () => {
    const chapter = await dockerChapter('02-services')
    onTestFinished(() => chapter.stop())
    const controller = new AbortController()
    const up = chapter.up(controller.signal)
    await expect
      .poll(async () => Object.keys(await chapter.inspect()).length, { timeout: 30_000 })
      .toBeGreaterThan(0)
    controller.abort(new Error('enough'))
    await expect(up).rejects.toThrow('enough')
    expect(await chapter.inspect()).toEqual({})
  })
})
