import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** What a pod gets, all of it at once: the text of each file. */
export interface PodFiles {
  /** The certificate chain, the leaf first. */
  svid: string
  key: string
  /** All roots. */
  bundle: string
  /** An Envoy file with the JWT keys in it. */
  jwtAuthn?: string
}

const names = { svid: 'svid.pem', key: 'key.pem', bundle: 'bundle.pem', jwtAuthn: 'jwt-authn.yaml' } as const
const issuePattern = /^(\.current-)?\d{8}T\d{6}Z-[0-9a-f]{16}$/

/** What a pod has; undefined if anything of it is missing or cannot be read. */
export function readPodFiles(folder: string): PodFiles | undefined {
  try {
    const issue = join(folder, readlinkSync(join(folder, 'current'))) // once, so that all files are of one issue
    const read = (name: keyof typeof names) => readFileSync(join(issue, names[name]), 'utf8')
    const jwtAuthn = readdirSync(issue).includes(names.jwtAuthn) ? read('jwtAuthn') : undefined
    return {
      svid: read('svid'),
      key: read('key'),
      bundle: read('bundle'),
      ...(jwtAuthn !== undefined && { jwtAuthn }),
    }
  } catch {
    return undefined // why, writing will tell
  }
}

/** Gives a pod its files: whoever looks sees all of the old ones or all of the new. */
export function replacePodFiles(folder: string, files: PodFiles, now: Date): void {
  const previous = currentIssue(folder)
  const issue = writeIssue(folder, files, now)
  switchTo(folder, issue)
  // A reader in the middle of the previous one is not cut; what is older, or was never finished, goes.
  for (const name of readdirSync(folder)) {
    if (issuePattern.test(name) && name !== issue && name !== previous) {
      rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}

/**
 * Writes the files into a directory of their own, which nobody looks into yet.
 * @returns its name
 */
export function writeIssue(folder: string, files: PodFiles, now: Date): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const issue = `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(8).toString('hex')}`
  const directory = join(folder, issue)
  mkdirSync(directory, { mode: 0o700 })
  try {
    for (const name of Object.keys(names) as (keyof typeof names)[]) {
      const text = files[name]
      if (text === undefined) continue
      writeFileSync(join(directory, names[name]), text, { mode: name === 'key' ? 0o600 : 0o644, flag: 'wx' })
    }
  } catch (error) {
    rmSync(directory, { recursive: true, force: true }) // a full disk is not filled further
    throw error
  }
  return issue
}

/** Envoy watches for a name that is moved into the folder; writing in place would go unnoticed. */
function switchTo(folder: string, issue: string): void {
  const link = join(folder, `.current-${issue}`)
  symlinkSync(issue, link)
  try {
    renameSync(link, join(folder, 'current'))
  } catch (error) {
    rmSync(link, { force: true })
    throw error
  }
}

function currentIssue(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, 'current'))
  } catch {
    return undefined
  }
}
