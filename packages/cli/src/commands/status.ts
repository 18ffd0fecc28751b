import { styleText } from 'node:util'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { choosePlatform, type Platform, type ProcessStatus } from '../platform.ts'
import { table } from '../table.ts'
import { terminal } from '../voice.ts'
import { identityStatus } from './identity.ts'

const nothingRuns = 3

/** The exit code is 0 when all are ready, 1 when one is not, 3 when nothing runs. */
export async function status({ json }: { json?: boolean }) {
  const platform = await choosePlatform(undefined, terminal())
  const status = await platform.status()
  if (json) console.log(JSON.stringify(status ?? { chapter: null, processes: [] }, null, 2))
  else if (!status) console.log('Nothing is running.')
  else {
    console.log(`Chapter ${status.chapter} (${platform.name})`)
    const [head = '', ...rows] = table([titles, ...status.processes.map(row)])
    console.log(styleText('bold', head))
    for (const [index, line] of rows.entries()) {
      console.log(styleText(colours[status.processes[index]!.state], line))
    }
  }
  if (status && !json)
    for (const line of await warnings(platform, status.chapter)) console.log(styleText('yellow', line))
  if (!status) process.exitCode = nothingRuns
  else if (status.processes.some(({ state }) => state !== 'ready')) process.exitCode = 1
}

/** Pods whose SVIDs should have been renewed by now, from two thirds of their life on: see the identity service. */
async function warnings(platform: Platform, slug: string): Promise<string[]> {
  const [chapter, mesh] = [chapterOrNewest(slug), readMesh()]
  if (!chapter.sections.includes('identity')) return []
  const { svids } = await identityStatus(await platform.identity(chapter, mesh, ['status', '--json']))
  return svids
    .filter(({ state }) => !['fresh', 'due'].includes(state))
    .map(({ pod, state, expires }) => {
      const when = expires ? ` (${expires})` : ''
      return `The SVID of ${pod} is ${words[state] ?? state}${when}. See what identity says: ./mesh logs identity`
    })
}

const words: Record<string, string> = {
  warn: 'not renewed, and will expire',
  expired: 'expired',
  missing: 'missing',
}

const titles = ['PROCESS', 'POD', 'STATE', 'PID', 'UP FOR', 'ADDRESSES']
const colours = { ready: 'green', 'not ready': 'yellow', dead: 'red' } as const

function row({ name, pod, state, pid, addresses, startedAt }: ProcessStatus): string[] {
  const upFor = pid === null ? '-' : duration(Date.now() - Date.parse(startedAt))
  return [name, pod, state, pid === null ? '-' : `${pid}`, upFor, addresses.join(', ')]
}

/** Milliseconds in the two units that matter, such as `3 h 5 min`. */
function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (minutes === 0) return `${seconds} s`
  if (hours === 0) return `${minutes} min ${seconds % 60} s`
  return `${hours} h ${minutes % 60} min`
}
