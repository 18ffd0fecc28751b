import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type LogRecord, logRecord } from '@hardway/cli/log-record'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startLoad, tally } from '../harness/load.ts'
import { type DockerChapter, dockerChapter, engine } from './docker-chapter.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

describe.runIf(engine)('07-logs in containers', () => {
  let chapter: DockerChapter
  beforeAll(async () => {
    chapter = await dockerChapter('07-logs')
    await chapter.up()
  })
  afterAll(() => chapter.stop())

  async function recordsOf(id: string): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    for await (const line of chapter.platform.logs({ signal: new AbortController().signal })) {
      const record = logRecord(line)
      if (record?.request_id === id) records.push(record)
    }
    return records
  }

  test('a request leaves the same lines as on any platform', async () => {
    const url = `http://${chapter.docker.published}/add?a=1&b=2`
    const response = await fetch(url, { headers: { authorization: `Bearer ${await chapter.token()}` } })
    const id = response.headers.get('x-request-id')!
    const places = async () => (await recordsOf(id)).map(({ workload, hop }) => `${workload} ${hop}`).sort()
    await expect
      .poll(places, { timeout: 20_000 })
      .toEqual([
        'add application',
        'add inbound',
        'calculator application',
        'calculator inbound',
        'calculator outbound',
        'gateway gateway',
      ])
  })

  test('a reader who stops reading holds nobody up', async () => {
    const reader = spawn('docker', ['logs', '--follow', `${chapter.docker.project}-gateway-1`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(async () => {
      reader.kill('SIGKILL')
      await once(reader, 'close')
    })
    await once(reader.stdout, 'readable') // it does read, and nobody reads what it has read
    const url = `http://${chapter.docker.published}/add?a=1&b=2`
    const requests = 400 // more than all pipes hold
    const outcomes = async () => {
      const load = startLoad(url, await chapter.token(), { rate: 50, most: requests })
      await expect.poll(() => load.done(), { timeout: 60_000 }).toBe(requests)
      return tally(await load.stop())
    }
    // The control: on a busy machine the very first requests wait too long for OPA, whoever reads.
    await expect.poll(outcomes, { timeout: 60_000 }).toEqual({ 200: requests })
    reader.kill('SIGSTOP')
    expect(await outcomes()).toEqual({ 200: requests })
  })
})
