import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const setting = 'fs.inotify.max_user_instances'

/** An Envoy has some five of them, and has given its own back when it has died. */
const room = 8

/**
 * What an Envoy does not say when it aborts because it may watch no file: each program watches through instances of inotify
 * (inotify(7)), and a user may have but so many of them.
 * @param limit  how many
 * @returns nothing if there are enough
 */
export function inotifyHint(limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf8'))) {
  const used = instancesInUse()
  if (used + room <= limit) return undefined
  return [
    `Files are watched through inotify instances, and of the ${limit} that Linux allows a user, ${used} are in use.`,
    `Stop another chapter (./mesh down), or allow more: sudo sysctl ${setting}=1024`,
  ].join('\n')
}

/** Of all the processes that this user may look into. */
function instancesInUse(): number {
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return processes.reduce((sum, pid) => sum + instancesOf(pid), 0)
}

function instancesOf(pid: string): number {
  const folder = `/proc/${pid}/fd`
  return namesIn(folder).filter(fd => targetOf(`${folder}/${fd}`) === 'anon_inode:inotify').length
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // the process ended just now, or is somebody else's
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined // closed just now: of our own process always one, through which the folder was read
  }
}
