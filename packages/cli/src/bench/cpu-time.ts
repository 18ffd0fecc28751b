import { readdirSync, readFileSync } from 'node:fs'
import { CliError } from '../cli-error.ts'

/**
 * The processor time that a process has used in all its threads, in microseconds. /proc/PID/stat counts in hundredths of
 * a second; the scheduler's own account (/proc/PID/task/TID/schedstat, first field) is in nanoseconds.
 * @throws CliError `process_ended`; `needs_linux` if the kernel keeps no such account
 */
export function cpuTime(pid: number, proc = '/proc'): number {
  const tasks = `${proc}/${pid}/task`
  let nanoseconds = 0
  for (const task of tasksOf(tasks, pid)) nanoseconds += nanosecondsOf(`${tasks}/${task}/schedstat`)
  if (nanoseconds > 0) return nanoseconds / 1000
  throw new CliError(
    'needs_linux',
    `${tasks}/*/schedstat say nothing: this kernel does not count processor time in nanoseconds (CONFIG_SCHED_INFO).`,
  )
}

function tasksOf(folder: string, pid: number): string[] {
  try {
    return readdirSync(folder)
  } catch {
    throw new CliError('process_ended', `Process ${pid} ended while it was measured.`)
  }
}

function nanosecondsOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0])
  } catch {
    return 0 // a thread that ended just now, or no such file
  }
}
