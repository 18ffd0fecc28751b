import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'

/** Who runs where: what is measured has one processor, and the load, with all else, another one. */
export interface Processors {
  /** All that we may use. */
  allowed: number[]
  measured: number
  load: number
  /** Whether they are two threads of one core, and so share it after all. */
  shareCore: boolean
}

/**
 * Chooses two processors of those that we may use, on two cores if there are two.
 * @throws CliError `too_few_processors`
 */
export function chooseProcessors(): Processors {
  const status = readFileSync('/proc/self/status', 'utf8')
  const allowed = numbersOf(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '')
  return choose(allowed, siblings)
}

/** @param siblings  the processors on the same core as this one, itself included */
export function choose(allowed: number[], siblings: (processor: number) => number[]): Processors {
  const [measured, ...others] = allowed
  if (measured === undefined || others.length === 0) {
    throw new CliError(
      'too_few_processors',
      'Two processors are needed: one for the load, and one for what is measured.',
    )
  }
  const sameCore = siblings(measured)
  const elsewhere = others.findLast(other => !sameCore.includes(other))
  return { allowed, measured, load: elsewhere ?? others.at(-1)!, shareCore: elsewhere === undefined }
}

function siblings(processor: number): number[] {
  const file = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`
  try {
    return numbersOf(readFileSync(file, 'utf8').trim())
  } catch {
    return [processor] // a virtual machine may not say
  }
}

/** Reads a list as the kernel writes it: `0-3,8`. */
export function numbersOf(list: string): number[] {
  return list.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

/** Keeps a process, with all its threads and what they will start, on these processors. */
export async function pin(pid: number, processors: number[]): Promise<void> {
  await execa('taskset', ['--all-tasks', '--cpu-list', '--pid', processors.join(','), `${pid}`])
}

/** A processor's time so far, in microseconds. */
export interface ProcessorTime {
  all: number
  /** When it was doing something, for whomever. */
  busy: number
}

/** From /proc/stat (proc(5)), which counts in hundredths of a second. */
export function processorTime(processor: number): ProcessorTime {
  const line = new RegExp(`^cpu${processor} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  const fields = line.split(' ').map(Number).slice(0, 8) // the last two are counted in the first two already
  const [, , , idle = 0, ioWait = 0] = fields
  const all = fields.reduce((sum, field) => sum + field, 0)
  return { all: all * 10_000, busy: (all - idle - ioWait) * 10_000 }
}

/**
 * The share of a processor that others had.
 * @param ours  how long it was busy for us, in microseconds
 */
export function shareOfOthers(before: ProcessorTime, after: ProcessorTime, ours: number): number {
  const [all, busy] = [after.all - before.all, after.busy - before.busy]
  return all === 0 ? 0 : Math.max(0, busy - ours) / all
}
