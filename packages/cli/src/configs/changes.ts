import { chapters } from '@hardway/compiler'
import { difference } from './difference.ts'

/** Where the changes lie, as the pages show them. */
export const changesFolder = 'docs/changes'

/**
 * What each chapter changes in the generated files of the one before it: docs/changes/02-to-03.diff.
 * @param files  those of all chapters, by path
 */
export function changesBetweenChapters(files: Map<string, string>): Map<string, string> {
  const steps = chapters.slice(1).map((after, index) => [chapters[index]!, after] as const)
  const changes = steps.map(([before, after]) => {
    const name = `${before.slug.slice(0, 2)}-to-${after.slug.slice(0, 2)}.diff`
    return [`${changesFolder}/${name}`, difference(files, before.slug, after.slug)] as const
  })
  return new Map(changes.filter(([, text]) => text !== ''))
}
