import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { execa } from 'execa'
import type { Tool } from './tool.ts'
import type { Toolchain } from './toolchain.ts'

/** A tool that is here. */
export interface Found {
  tool: Tool
  /** The program, as an absolute path. */
  program: string
  place: 'PATH' | 'cache'
}

/** Looks for a tool in the version that the chapters are made for: first on the PATH, then in the cache. */
export async function find(toolchain: Toolchain, tool: Tool): Promise<Found | undefined> {
  const onPath = tool.versionOf && firstOnPath(toolchain.path, tool.name)
  if (onPath && (await versionOf(tool, onPath)) === tool.version) {
    return { tool, program: onPath, place: 'PATH' }
  }
  const program = join(cacheFolder(toolchain, tool), tool.program)
  return isUsable(tool, program) ? { tool, program, place: 'cache' } : undefined
}

/** Whether a file is what the tool is. What another program runs need not be executable. */
export function isUsable({ runtime }: Tool, file: string): boolean {
  return runtime ? existsSync(file) : isProgram(file)
}

/**
 * Where a tool is kept in the cache. The folder's name says all that decides what is in it; so it never has to be
 * brought up to date, and copies of the project that want other versions do not meet.
 */
export function cacheFolder(
  { manifests, cache }: Toolchain,
  { name, manifest = name, version }: Tool,
): string {
  const folder = join(manifests, manifest)
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort())
    hash.update(`${file}\0`).update(readFileSync(join(folder, file)))
  return join(cache, `${name}-${version}-${process.arch}-${hash.digest('hex').slice(0, 12)}`)
}

/** What a shell would run. */
function firstOnPath(path: string, name: string): string | undefined {
  const folders = path.split(delimiter).filter(isAbsolute)
  return folders.map(folder => join(folder, name)).find(isProgram)
}

async function versionOf({ versionOf }: Tool, program: string): Promise<string | undefined> {
  const { args, pattern } = versionOf!
  const { stdout } = await execa(program, args, { reject: false, stdin: 'ignore', timeout: 5_000 })
  return pattern.exec(stdout ?? '')?.[1]
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
