import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** How a text becomes another, as `diff -u` shows it, without any times. */
export function unifiedDiff(from: string, to: string, before: string, after: string): string {
  return createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  })
}
