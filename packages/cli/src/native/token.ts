import { randomBytes } from 'node:crypto'
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { contentOf } from '../content-of.ts'
import { makeStateDir } from './state.ts'

export function tokenFile(stateDir: string): string {
  return join(stateDir, 'token')
}

/**
 * The static token of chapters 01 to 04: 256 random bits in base64url. It is made once, for its owner's eyes only.
 * @throws CliError `bad_token` if the file is there but empty
 */
export function staticToken(stateDir: string): string {
  const file = tokenFile(stateDir)
  const token = contentOf(file)?.trim() ?? make(stateDir)
  if (!token) throw new CliError('bad_token', `${file} is empty. Remove it, and a new one is made.`)
  return token
}

function make(stateDir: string): string | undefined {
  makeStateDir(stateDir)
  const file = tokenFile(stateDir)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600, flush: true })
  try {
    linkSync(draft, file) // unlike rename, it never replaces a token that somebody made meanwhile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return contentOf(file)?.trim()
}
