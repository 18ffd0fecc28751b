import { basename, dirname } from 'node:path'
import { unifiedDiff } from './unified-diff.ts'

/**
 * What differs between two chapters, as `diff -ru` shows it: a file that only one of them has is named, and no more. In
 * the text a chapter's own slug is shown as `…`.
 * @param files   generated files by path; a chapter's are in folders of its slug: `envoy/03-envoy/add.yaml`
 * @param before  a slug
 * @param after   a slug
 */
export function difference(files: Map<string, string>, before: string, after: string): string {
  const [old, young] = [of(before), of(after)]
  const names = [...new Set([...old.keys(), ...young.keys()])].sort()
  return names
    .map(name => {
      const [from, to] = [old.get(name), young.get(name)]
      if (!from || !to) return only(from ?? to!)
      const [a, b] = [withoutSlug(files.get(from)!, before), withoutSlug(files.get(to)!, after)]
      return a === b ? '' : unifiedDiff(from, to, a, b)
    })
    .join('')

  /** The paths of a chapter's files by what is left of them without its slug. */
  function of(slug: string): Map<string, string> {
    const paths = [...files.keys()].filter(path => path.includes(`/${slug}/`))
    return new Map(paths.map(path => [path.replace(`/${slug}/`, '/'), path]))
  }
}

/** That a file of another chapter names another chapter is no news. */
function withoutSlug(text: string, slug: string): string {
  return text.replaceAll(slug, '…')
}

function only(path: string): string {
  return `Only in ${dirname(path)}: ${basename(path)}\n`
}
