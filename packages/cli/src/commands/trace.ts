import { setTimeout } from 'node:timers/promises'
import { zipkin } from '@hardway/compiler/addon'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { runningPlatforms } from '../platform.ts'
import { terminal } from '../voice.ts'
import { traceOf } from '../zipkin/query.ts'
import type { ZipkinSpan } from '../zipkin/span.ts'
import { showTree, treeOf } from '../zipkin/tree.ts'

/** How often Zipkin is asked, in milliseconds: spans are sent in batches, and the last within a second. */
const pace = 1_200

/** How often it may know nothing. */
const attempts = 5

/** Shows where the time of a request went, as Zipkin knows it. */
export async function trace(requestId: string, { json }: { json?: boolean }) {
  const door = await doorOfZipkin()
  await interruptible(async signal => {
    const spans = await settled(door, requestId, signal)
    console.log(json ? JSON.stringify(spans, null, 2) : showTree(treeOf(spans)).join('\n'))
  })
}

/** @throws CliError `nothing_runs` */
async function doorOfZipkin(): Promise<string> {
  const [platform] = await runningPlatforms(terminal())
  const status = await platform?.status()
  if (!platform || !status)
    throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  if (chapterOrNewest(status.chapter).sections.includes('tracing')) return platform.door(zipkin)
  throw new CliError(
    'nothing_runs',
    `Nobody traces in chapter ${status.chapter}. Start a later one: ./mesh up 9`,
  )
}

/** The spans of a request, as soon as no more of them come. */
async function settled(door: string, requestId: string, signal: AbortSignal): Promise<ZipkinSpan[]> {
  let known = 0
  for (let attempt = 1; ; attempt++) {
    const spans = await traceOf(door, requestId)
    if (spans.length > 0 && spans.length === known) return spans
    if (spans.length === 0 && attempt === attempts) {
      throw new CliError(
        'unknown_name',
        `Zipkin knows no request "${requestId}". Its ID is the x-request-id of its answer; not every request may be traced (tracing.sampling in mesh.yaml).`,
      )
    }
    known = spans.length
    await setTimeout(pace, undefined, { signal })
  }
}
