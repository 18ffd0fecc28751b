import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { CliError } from '../cli-error.ts'

/**
 * Fills a page between markers, `<!-- drawing: pods -->` and `<!-- /drawing -->`. Everything else stays as it is, to the byte.
 * @param file     the page's path, for messages
 * @param word     what the markers are about: `drawing`
 * @param example  a marker that is right
 * @param fill     gives what stands between them, from what the first one says (`pods`); nothing if it says nothing known
 * @throws CliError `bad_page`, with the line of a marker that has no counterpart, or says nothing known
 */
export function fillBetweenMarkers(
  page: string,
  file: string,
  word: string,
  example: string,
  fill: (what: string) => string | undefined,
): string {
  const markers = markersOf(page, word)
  let result = ''
  let position = 0
  while (markers.length > 0) {
    const [open, close] = markers.splice(0, 2)
    const place = `${file}:${open!.line}`
    const what = new RegExp(`^<!-- ${word}: (.+) -->$`).exec(open!.text)?.[1]
    if (what === undefined || close?.text !== `<!-- /${word} -->`) {
      const pair = `${example} and, after it, <!-- /${word} -->`
      throw new CliError('bad_page', `${place}: a ${word} stands between ${pair}, each on a line of its own.`)
    }
    const content = fill(what)
    if (content === undefined) throw new CliError('bad_page', `${place}: there is no ${word} "${what}".`)
    result += `${page.slice(position, open!.end)}\n${content}\n`
    position = close.start
  }
  return result + page.slice(position)
}

/** The comments about this, in order; one that is only quoted, in a code block, is none. */
function markersOf(page: string, word: string) {
  return unified()
    .use(remarkParse)
    .parse(page)
    .children.flatMap(node => {
      const isMarker = node.type === 'html' && new RegExp(`^<!--\\s*/?${word}`).test(node.value)
      if (!isMarker || !node.position) return []
      const { start, end } = node.position
      return [{ text: node.value, line: start.line, start: start.offset!, end: end.offset! }]
    })
}
