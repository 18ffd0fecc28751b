import { readFileSync } from 'node:fs'
import { CliError } from '../cli-error.ts'

/** In bytes. */
export interface Memory {
  /** What is nobody else's: heap and stacks. Each further copy of the process costs this. */
  own: number
  /** With the pages of the program's files, which all copies of it on one machine share. */
  resident: number
}

/**
 * The memory of a process, from /proc/PID/smaps_rollup. Not its proportional share (Pss): that would make a pod
 * look the smaller, the more others are measured at the same time.
 * @throws CliError `process_ended`
 */
export function memoryOf(pid: number, proc = '/proc'): Memory {
  const text = read(`${proc}/${pid}/smaps_rollup`, pid)
  const bytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024
  return { own: bytes('Anonymous'), resident: bytes('Rss') }
}

function read(file: string, pid: number): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new CliError('process_ended', `Process ${pid} ended while it was measured.`)
  }
}
