import { setTimeout } from 'node:timers/promises'
import { styleText } from 'node:util'
import { type Addon, allAddons } from '@hardway/compiler/addon'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { type Platform, runningPlatforms } from '../platform.ts'
import { type Edge, edgesOf, edgesQuery } from '../prometheus/edges.ts'
import { query } from '../prometheus/query.ts'
import { table } from '../table.ts'
import { terminal } from '../voice.ts'

/** How often the table is drawn anew, in milliseconds. */
const pace = 2_000

const failing = 0.05 // as the alert EdgeFails has it

/** How each workload is served by those that it calls, as Prometheus knows it: again and again in a terminal, else once. */
export async function top({ once, json }: { once?: boolean; json?: boolean }) {
  const platform = await whereItRuns()
  const mesh = readMesh()
  const [prometheus] = allAddons as [Addon]
  const edges = async () => edgesOf(mesh, await query(platform.door(prometheus), edgesQuery))
  if (json) console.log(JSON.stringify(await edges(), null, 2))
  else if (once || !process.stdout.isTTY) show(await edges())
  else await interruptible(signal => again(edges, signal).catch(leave(signal)))
}

/** @throws CliError `nothing_runs` */
async function whereItRuns(): Promise<Platform> {
  const [platform] = await runningPlatforms(terminal())
  const status = await platform?.status()
  if (!platform || !status)
    throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  if (chapterOrNewest(status.chapter).sections.includes('metrics')) return platform
  throw new CliError(
    'nothing_runs',
    `Nobody counts in chapter ${status.chapter}. Start a later one: ./mesh up 8`,
  )
}

async function again(edges: () => Promise<Edge[]>, signal: AbortSignal): Promise<never> {
  while (true) {
    const drawn = await edges()
    process.stdout.write('\x1b[H\x1b[J') // to the corner, and away with what is there
    show(drawn)
    await setTimeout(pace, undefined, { signal })
  }
}

/** Ctrl-C is how one leaves it, and so no failure. */
function leave(signal: AbortSignal) {
  return (error: unknown) => {
    if (!signal.aborted) throw error
  }
}

const titles = ['FROM', 'TO', 'REQUESTS/S', 'ERRORS', 'P50', 'P99']

function show(edges: Edge[]): void {
  const [head = '', ...lines] = table([titles, ...edges.map(row)])
  console.log(styleText('bold', head))
  for (const [index, line] of lines.entries()) {
    console.log((edges[index]!.errors ?? 0) > failing ? styleText('red', line) : line)
  }
}

function row({ source, destination, requests, errors, p50, p99 }: Edge): string[] {
  const milliseconds = (value: number | null) =>
    shown(value, value => `${value.toFixed(value < 10 ? 1 : 0)} ms`)
  return [
    source,
    destination,
    shown(requests, value => value.toFixed(1)),
    shown(errors, value => `${(value * 100).toFixed(1)} %`),
    milliseconds(p50),
    milliseconds(p99),
  ]
}

function shown(value: number | null, text: (value: number) => string): string {
  return value === null ? '-' : text(value)
}
