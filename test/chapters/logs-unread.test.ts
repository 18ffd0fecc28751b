import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { computeClient } from '@hardway/api'
import { expect, onTestFinished, test } from 'vitest'
import { startChapter } from '../harness/chapter.ts'
import { root } from '../harness/definition.ts'
import { startLoad, tally } from '../harness/load.ts'

/** More than is in a pipe, and in the stream of Node that would read from it, in bytes. */
const pipe = 512 * 1024

interface Unread {
  /** Reads what was written from here on; gives the lines so far. */
  read(): string[]
}

/** Runs a program whose output goes into a pipe that nobody reads. */
function unread(command: string, args: string[], env = process.env): Unread {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  })
  let text = ''
  let isRead = false
  return {
    read: () => {
      if (!isRead) child.stdout.setEncoding('utf8').on('data', chunk => (text += chunk))
      isRead = true
      return text.split('\n').slice(0, -1)
    },
  }
}

test('an Envoy whose log nobody reads answers as before, and when it is read again, every line is there', async () => {
  const chapter = await startChapter('07-logs', 72, { without: 'gateway' })
  onTestFinished(() => chapter.stop())
  const { 'add-envoy': another = 0 } = await chapter.pids()
  const command = chapter.said.at(-1)!.replace(/^.* tool envoy/, readlinkSync(`/proc/${another}/exe`))
  const envoy = unread('sh', ['-c', `exec ${command}`])
  const headers = { authorization: `Bearer ${chapter.token}` }
  const ask = async () => (await fetch(`${chapter.url}/add?a=1&b=2`, { headers })).status
  await expect.poll(() => ask().catch(() => 0), { timeout: 20_000 }).toBe(200)

  // Without a good token, for the gateway itself answers then, however busy the machine is.
  const requests = 2_500
  const load = startLoad(`${chapter.url}/add?a=1&b=2`, 'nonsense', { rate: 300, most: requests })
  await expect.poll(() => load.done(), { timeout: 30_000 }).toBe(requests)
  expect(tally(await load.stop())).toEqual({ 401: requests })

  const written = () => envoy.read().filter(text => text.includes('"hop":"gateway"'))
  await expect.poll(() => written().length, { timeout: 10_000 }).toBeGreaterThan(requests)
  expect(written().join('\n').length).toBeGreaterThan(pipe) // it did have to wait
  expect(await ask()).toBe(200)
})

test('a service whose log nobody reads answers as before, and loses lines rather than memory', async () => {
  const [address, health] = ['127.73.3.1:50051', '127.73.3.1:8081']
  const buffer = 65_536
  const env = {
    ...process.env,
    GRPC_ADDRESS: address,
    HEALTH_ADDRESS: health,
    LOG_FLUSH: '250',
    LOG_BUFFER: `${buffer}`,
  }
  const service = unread(process.execPath, ['services/add/src/main.ts'], env)
  const ready = () => fetch(`http://${health}/readyz`).then(({ status }) => status)
  await expect.poll(() => ready().catch(() => 0), { timeout: 20_000 }).toBe(200)

  const client = computeClient('add', address)
  onTestFinished(() => client.close())
  const compute = (requestId: string) =>
    new Promise<string>((resolve, reject) =>
      client.compute({ a: '1', b: '2' }, { deadline: Date.now() + 2_000, requestId }, (error, result) =>
        error ? reject(error) : resolve(result!.value),
      ),
    )
  const calls = 10_000
  for (let call = 0; call < calls; call += 100) {
    const ids = Array.from({ length: 100 }, (_, index) => `call-${call + index}`)
    expect(new Set(await Promise.all(ids.map(compute)))).toEqual(new Set(['3']))
  }

  const ids = () => service.read().flatMap(text => /call-\d+|the-last/.exec(text) ?? [])
  await expect.poll(() => ids().length, { timeout: 10_000 }).toBeGreaterThan(100)
  await expect
    .poll(async () => {
      await compute('the-last')
      return ids()
    })
    .toContain('the-last')
  const kept = ids().filter(id => id !== 'the-last')
  expect(kept.slice(0, 100)).toEqual(kept.slice(0, 100).map((_, index) => `call-${index}`)) // the first ones
  expect(kept.length).toBeLessThan(calls)
  expect(service.read().join('\n').length).toBeLessThan(pipe + buffer)
})
