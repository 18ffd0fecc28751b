import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Every file below a folder, as paths relative to the root; none if there is no such folder. */
export function filesIn(root: string, folder: string): string[] {
  const absolute = join(root, folder)
  if (!existsSync(absolute)) return []
  const entries = readdirSync(absolute, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .sort()
}
