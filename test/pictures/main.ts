import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { interruptible } from '@hardway/cli/interrupt'
import { traceOf } from '@hardway/cli/zipkin'
import { execa } from 'execa'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { root } from '../harness/definition.ts'

// Takes the pictures of page 09: the real Zipkin, seen by a real browser (`chromium` on the PATH).

const folder = join(root, 'docs/09-zipkin')
const profile = mkdtempSync(join(tmpdir(), 'mesh-pictures-'))
await interruptible(async interrupted => {
  const chapter = await startChapter('09-zipkin', 34)
  try {
    await takePictures(chapter, AbortSignal.any([interrupted, AbortSignal.timeout(120_000)]))
  } finally {
    rmSync(profile, { recursive: true, force: true })
    await chapter.stop()
  }
})

async function takePictures(chapter: RunningChapter, signal: AbortSignal): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const door = new URL(chapter.url).hostname
  await evaluate(chapter) // the first one opens every connection, and would show that
  const id = await evaluate(chapter)
  let spans = await traceOf(`${door}:9411`, id)
  while (spans.length < 28) {
    await setTimeout(500, undefined, { signal }) // they come a few seconds later
    spans = await traceOf(`${door}:9411`, id)
  }
  await picture(`traces/${spans[0]!.traceId}`, 'trace.png', 1300)
  const [from, to] = [Date.now() - 3_600_000, Date.now() + 60_000]
  await picture(`dependency?startTime=${from}&endTime=${to}`, 'dependency.png', 700)

  async function picture(page: string, file: string, height: number): Promise<void> {
    const browser = ['--headless', '--no-sandbox', `--user-data-dir=${profile}`, '--hide-scrollbars']
    const resolver = `--host-resolver-rules=MAP localhost ${door}` // the door answers to this name only
    const size = [`--window-size=1300,${height}`, '--virtual-time-budget=20000']
    const shot = [`--screenshot=${join(folder, file)}`, `http://localhost:9411/zipkin/${page}`]
    await execa('chromium', [...browser, resolver, ...size, ...shot], { cancelSignal: signal })
  }
}

/** Gives the ID of the request. */
async function evaluate({ url, token }: RunningChapter): Promise<string> {
  const response = await fetch(`${url}/evaluate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"expression":"(1+2)*(3+4)"}',
  })
  if (response.status !== 200) throw new Error(await response.text())
  return response.headers.get('x-request-id')!
}
