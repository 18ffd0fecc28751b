import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustDomain } from '@hardway/identity'
import { createFile, replaceFile } from '../atomic-file.ts'
import { IdentityServiceError, oneLine } from '../error.ts'
import type { Registration } from '../registration/read.ts'
import { sameAgain } from '../same-again.ts'
import { parseAuthorities, renderAuthorities } from './document.ts'
import type { Authorities } from './kept.ts'
import { firstAuthorities } from './make.ts'

const parseAgain = sameAgain(parseAuthorities)

const stateFile = (folder: string): string => join(folder, 'authority.json')

/**
 * Reads the authorities of a trust domain.
 * @throws {IdentityServiceError} `no_state` if there are none yet; `bad_state` if the file is damaged or another's
 */
export function loadAuthorities(folder: string, trustDomain: TrustDomain): Authorities {
  const authorities = loadAnyAuthorities(folder)
  if (!authorities) {
    throw new IdentityServiceError(
      'no_state',
      `there are no authorities in ${folder} yet; make them with "init" or "serve"`,
    )
  }
  if (authorities.trustDomain === trustDomain) return authorities
  throw new IdentityServiceError(
    'bad_state',
    `${stateFile(folder)} is of the trust domain ${authorities.trustDomain}, and the registration of ${trustDomain}; ` +
      'give each its own IDENTITY_FOLDER',
  )
}

/**
 * Reads the authorities of whatever trust domain; undefined if there are none yet.
 * @throws {IdentityServiceError} `bad_state`
 */
export function loadAnyAuthorities(folder: string): Authorities | undefined {
  const file = stateFile(folder)
  try {
    return parseAgain(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new IdentityServiceError(
      'bad_state',
      `${file} cannot be used: ${oneLine(error)}. Bring it back from a backup; or move it away, and new authorities ` +
        'are made, which nobody trusts who holds an old bundle',
    )
  }
}

/** Makes the first authorities if there are none; of several who start at once all get the same. */
export function loadOrMakeAuthorities(folder: string, registration: Registration, now: Date): Authorities {
  if (!loadAnyAuthorities(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    createFile(stateFile(folder), renderAuthorities(firstAuthorities(registration, now)))
  }
  return loadAuthorities(folder, registration.trustDomain)
}

/** Only who serves does this. */
export function saveAuthorities(folder: string, authorities: Authorities): void {
  replaceFile(stateFile(folder), renderAuthorities(authorities))
}
