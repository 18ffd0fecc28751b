import { chapter } from '@hardway/compiler'
import { difference } from '../configs/difference.ts'
import { generateChapters } from '../configs/generate.ts'
import { root } from '../root.ts'

/** Shows what changed between two chapters in the files that are generated for them. */
export async function diff(before: string, after: string) {
  const [from, to] = [chapter(before), chapter(after)]
  const text = difference(await generateChapters(root), from.slug, to.slug)
  if (text) process.stdout.write(text)
  else console.log(`The generated files of ${from.slug} and ${to.slug} do not differ.`)
}
