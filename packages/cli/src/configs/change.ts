import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentOf } from '../content-of.ts'
import { filesIn } from './files-in.ts'
import { unifiedDiff } from './unified-diff.ts'

/** A file that is not as its generator wants it. */
export interface Change {
  path: string
  /** What lies there; nothing if the file is missing. */
  before: string | undefined
  /** What should; nothing if the file is stale: nobody generates it any more. */
  after: string | undefined
}

/** What differs from what should be there. */
export function changes(root: string, files: Map<string, string>, folders: string[]): Change[] {
  const present = folders.flatMap(folder => filesIn(root, folder))
  const paths = [...new Set([...files.keys(), ...present])].sort()
  return paths
    .map(path => ({ path, before: contentOf(join(root, path)), after: files.get(path) }))
    .filter(({ before, after }) => before !== after)
}

/** A change as a unified diff, from what is there to what should be. */
export function patch({ path, before, after }: Change): string {
  const [from, to] = [before === undefined ? '/dev/null' : path, after === undefined ? '/dev/null' : path]
  return unifiedDiff(from, to, before ?? '', after ?? '')
}

export function apply(root: string, { path, after }: Change): void {
  const file = join(root, path)
  if (after === undefined) {
    rmSync(file)
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, after)
  }
}
