import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where a process's standard output and error go. */
export function logFile(stateDir: string, name: string): string {
  return join(stateDir, 'log', `${name}.log`)
}

/**
 * Forgets what earlier runs wrote. The files are removed, not emptied, so that who follows one can tell the new file
 * from the old.
 */
export function removeLogs(stateDir: string): void {
  rmSync(join(stateDir, 'log'), { recursive: true, force: true })
}

/** The last lines that a process wrote, from a position on (in bytes). */
export function lastLines(stateDir: string, name: string, position: number, count: number): string[] {
  const text = readFileSync(logFile(stateDir, name)).subarray(position).toString().trimEnd()
  return text === '' ? [] : text.split('\n').slice(-count)
}
