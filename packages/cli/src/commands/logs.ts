import { setTimeout } from 'node:timers/promises'
import { chapter, type Logs } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { readMesh } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { journey } from '../logs/journey.ts'
import { json as jsonOf, type LogRecord, logRecord } from '../logs/log-record.ts'
import { showJourney, showMessage, showRecord } from '../logs/show.ts'
import { choosePlatform, type LogLine, type Platform } from '../platform.ts'
import { terminal } from '../voice.ts'

interface Options {
  follow?: boolean
  request?: string
  json?: boolean
}

/** Ctrl-C is how one leaves it, and so no failure. */
export async function logs(workload: string | undefined, { follow, request, json }: Options) {
  const platform = await choosePlatform(undefined, terminal())
  process.stdout.on('error', () => process.exit()) // nobody reads any more, as after `| head`
  await interruptible(async signal => {
    if (request !== undefined) return showRequest(platform, request, json, signal)
    const show = await formOf(platform, workload, json)
    for await (const line of platform.logs({ workload, follow, signal })) console.log(show(line))
  })
}

/** How a line is shown: to people as text, and to programs as JSON if the chapter that runs writes any. */
async function formOf(
  platform: Platform,
  workload: string | undefined,
  json: boolean | undefined,
): Promise<(line: LogLine) => string> {
  const status = await platform.status()
  const hasJson = status !== undefined && chapter(status.chapter).sections.includes('logs')
  if (json ?? (hasJson && !process.stdout.isTTY)) return jsonLine
  const names = status?.processes.map(({ name }) => name.length) ?? []
  const width = Math.max(0, ...names)
  return line => {
    if (process.stdout.isTTY) {
      const record = logRecord(line)
      if (record) return showRecord(record)
      const other = jsonOf(line.text)
      if (other?.msg) return showMessage(line.process, other)
    }
    return workload === undefined ? `${line.process.padEnd(width)} | ${line.text}` : line.text
  }
}

function jsonLine({ process, text }: LogLine): string {
  return JSON.stringify({ process, ...(jsonOf(text) ?? { message: text }) })
}

/** How long to wait for a request's first line, in milliseconds: the answer comes to its caller before it. */
const patience = 3_000

/** Shows what everybody wrote about one request. */
async function showRequest(platform: Platform, id: string, json: boolean | undefined, signal: AbortSignal) {
  const records = await settled(platform, id, readMesh().logs!, signal)
  if (records.length === 0) {
    throw new CliError(
      'unknown_name',
      `No log has a request "${id}". Its ID is the x-request-id of its answer, from chapter 07 on.`,
    )
  }
  const steps = journey(records)
  console.log(json ? JSON.stringify(steps, undefined, 2) : showJourney(steps))
}

/** The records of a request, as soon as no more of them come: those of an Envoy may be late by what mesh.yaml allows. */
async function settled(
  platform: Platform,
  id: string,
  { flush }: Logs,
  signal: AbortSignal,
): Promise<LogRecord[]> {
  const late = Number.parseFloat(flush) * 1000 + 100
  const giveUp = Date.now() + patience
  for (let known = -1; ; ) {
    const records = await recordsOf(platform, id, signal)
    if (records.length === known && (known > 0 || Date.now() > giveUp)) return records
    known = records.length
    await setTimeout(late, undefined, { signal })
  }
}

async function recordsOf(platform: Platform, id: string, signal: AbortSignal): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for await (const line of platform.logs({ signal })) {
    const record = line.text.includes(id) ? logRecord(line) : undefined
    if (record?.request_id === id) records.push(record)
  }
  return records
}
