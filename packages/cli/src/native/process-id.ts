import { readdirSync, readFileSync } from 'node:fs'

/** One process for all time: the kernel gives a pid again, but not together with its start time. */
export interface ProcessId {
  pid: number
  /** Clock ticks after boot (proc(5), /proc/PID/stat, field 22). */
  startTime: string
}

/** The process that has this pid now; nothing if there is none, or if it has ended and only waits for its parent. */
export function processId(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 2 is the program's name in parentheses, and may hold anything: count from the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, threads, startTime = ''] = [fields[0], fields[17], fields[19]]
    // The first thread may end before the others, and as long as one lives the process's ports are in use.
    const hasEnded = (state === 'Z' || state === 'X') && Number(threads) <= 1
    return hasEnded ? undefined : { pid, startTime }
  } catch {
    return undefined
  }
}

/** Whether this very process still runs. */
export function isAlive(id: ProcessId | null): id is ProcessId {
  return id !== null && processId(id.pid)?.startTime === id.startTime
}

/** The processes that have a variable, such as `MESH_PROCESS=add`, in the environment that they were started with. */
export function findByEnvironment(isMeant: (variable: string) => boolean): ProcessId[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.flatMap(pid => {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      return variables.some(isMeant) ? (processId(Number(pid)) ?? []) : []
    } catch {
      return [] // it ended just now, or is another user's
    }
  })
}
