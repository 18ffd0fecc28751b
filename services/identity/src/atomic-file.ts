import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes a file for its owner alone: a reader sees all of the old one or all of the new, after a power cut too. */
export function replaceFile(file: string, text: string): void {
  beside(file, text, temporary => renameSync(temporary, file))
}

/**
 * Writes a file that is not there yet.
 * @returns false if it is: of several who start at once one wins, and nobody ever sees a file that is half written
 */
export function createFile(file: string, text: string): boolean {
  try {
    beside(file, text, temporary => linkSync(temporary, file))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function beside(file: string, text: string, put: (temporary: string) => void): void {
  const temporary = join(dirname(file), `.new-${randomBytes(8).toString('hex')}`)
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    put(temporary)
    syncFolder(dirname(file))
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The new name is on the disk only when the folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
