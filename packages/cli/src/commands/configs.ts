import { apply, changes, patch } from '../configs/change.ts'
import { generate } from '../configs/generate.ts'
import { root } from '../root.ts'

/** Writes every generated file; with `check` it only shows how the committed ones differ, and then exits with 1. */
export async function configs({ check }: { check?: boolean }) {
  const { files, folders } = await generate(root)
  const found = changes(root, files, folders)
  for (const change of found) {
    if (check) console.log(patch(change))
    else {
      apply(root, change)
      console.log(`${change.after === undefined ? 'removed' : 'wrote'} ${change.path}`)
    }
  }
  if (found.length === 0) console.log('Every generated file is as it should be.')
  else if (check) {
    console.error('These files differ from what is generated. Write them with ./mesh configs')
    process.exitCode = 1
  }
}
