import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import type { LogLine, LogOptions } from '../platform.ts'
import { logFile } from './log-file.ts'
import type { Native } from './native.ts'

/** One log file, read up to somewhere. */
interface Tail {
  file: string
  descriptor: number
  /** The beginning of a line whose end is not written yet. */
  rest: Buffer
}

/**
 * The lines that the processes wrote. A file that a new start replaced is read to its end, and then the new one from its
 * beginning: nothing is lost, nothing comes twice.
 * @throws CliError `nothing_runs`, `unknown_name`
 */
export async function* logs(
  { stateDir }: Native,
  { workload, follow, signal }: LogOptions,
): AsyncGenerator<LogLine> {
  const known = namesOfLogs(stateDir)
  if (known.length === 0)
    throw new CliError('nothing_runs', 'There are no logs yet. Start a chapter: ./mesh up')
  if (workload !== undefined && !known.includes(workload)) {
    const names = known.join(', ')
    throw new CliError('unknown_name', `There is no log of "${workload}". There are logs of: ${names}.`)
  }

  const tails = new Map<string, Tail>()
  try {
    do {
      const names = workload === undefined ? namesOfLogs(stateDir) : [workload]
      for (const name of names) {
        for (const text of news(name)) yield { process: name, text }
      }
      if (follow) await setTimeout(100)
    } while (follow && !signal.aborted)
  } finally {
    for (const { descriptor } of tails.values()) closeSync(descriptor)
  }

  /** The lines that a process wrote since the last round. */
  function* news(name: string): Generator<string> {
    const known = tails.get(name)
    if (known) {
      // Ask before reading: once the file is replaced, nobody writes to the old one any more.
      const replaced = isReplaced(known)
      yield* newLines(known)
      if (!replaced) return
      yield* unfinishedLine(known)
      closeSync(known.descriptor)
      tails.delete(name)
    }
    const tail = open(logFile(stateDir, name))
    if (!tail) return
    tails.set(name, tail)
    yield* newLines(tail)
    if (!follow) yield* unfinishedLine(tail)
  }
}

function namesOfLogs(stateDir: string): string[] {
  try {
    const files = readdirSync(join(stateDir, 'log')).filter(file => file.endsWith('.log'))
    return files.map(file => basename(file, '.log')).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function open(file: string): Tail | undefined {
  try {
    return { file, descriptor: openSync(file, 'r'), rest: Buffer.alloc(0) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** An inode number is not given again while the old file is open. */
function isReplaced({ file, descriptor }: Tail): boolean {
  return statSync(file, { throwIfNoEntry: false })?.ino !== fstatSync(descriptor).ino
}

function* newLines(tail: Tail): Generator<string> {
  const chunk = Buffer.alloc(64 * 1024)
  while (true) {
    const length = readSync(tail.descriptor, chunk)
    if (length === 0) return
    const text = Buffer.concat([tail.rest, chunk.subarray(0, length)])
    const end = text.lastIndexOf('\n') + 1
    tail.rest = text.subarray(end)
    if (end > 0) yield* text.toString('utf8', 0, end - 1).split('\n')
  }
}

function unfinishedLine({ rest }: Tail): string[] {
  return rest.length > 0 ? [rest.toString()] : []
}
