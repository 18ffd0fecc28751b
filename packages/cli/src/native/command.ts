import { realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Process } from '@hardway/compiler'

/** A program to run in the project's folder. */
export interface Command {
  environment: Record<string, string>
  file: string
  args: string[]
}

/** What runs a process of a pod. */
export function commandOf({ service, environment }: Process): Command {
  return { environment, file: process.execPath, args: [join('services', service, 'src/main.ts')] }
}

/**
 * A command as it can be typed where the caller is.
 * @param root  the project's folder
 */
export function commandLine({ environment, file, args }: Command, root: string): string {
  const folder = process.cwd() === root ? [] : ['cd', quoted(root), '&&']
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
  return [...folder, ...assignments, ...[nameOf(file, root), ...args].map(quoted)].join(' ')
}

/** A word as a POSIX shell takes it, in single quotes if it needs any. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** The shortest name of this Node: `node` if a shell finds it so, or the link that ./mesh made. */
function nameOf(file: string, root: string): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map(folder => realpath(join(folder, 'node')))
  if (onPath.find(path => path !== undefined) === realpath(file)) return 'node'
  const link = '.mesh/setup/node'
  return realpath(join(root, link)) === realpath(file) ? link : file
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
