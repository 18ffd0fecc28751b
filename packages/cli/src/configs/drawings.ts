import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { chapters, diagram, type Mesh, meshOf, parseMesh } from '@hardway/compiler'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { CliError } from '../cli-error.ts'
import type { Generator } from './generate.ts'

/** The drawings in the pages. A page is written by hand; only what is between two marker comments is generated. */
export const drawings: Generator = {
  folders: [],
  async files(root) {
    const mesh = parseMesh(await readFile(join(root, 'mesh.yaml'), 'utf8'))
    const pages = (await readdir(join(root, 'docs'))).filter(name => name.endsWith('.md')).sort()
    const contents = pages.map(async name => {
      const path = join('docs', name)
      return [path, withDrawings(await readFile(join(root, path), 'utf8'), path, mesh)] as const
    })
    return new Map(await Promise.all(contents))
  },
}

/**
 * Draws between `<!-- drawing: pods -->` and `<!-- /drawing -->`: the pods of the page's own chapter, or of the one
 * that the comment names (`<!-- drawing: pods 01-monolith -->`). Everything else stays as it is, to the byte.
 * @param file  the page's path: its name is its chapter's slug
 * @throws CliError `bad_page`, with the line of a marker that has no counterpart, or names no chapter
 */
export function withDrawings(page: string, file: string, mesh: Mesh): string {
  const markers = markersOf(page)
  let result = ''
  let position = 0
  while (markers.length > 0) {
    const [open, close] = markers.splice(0, 2)
    const place = `${file}:${open!.line}`
    const [, slug = basename(file, '.md')] =
      /^<!-- drawing: pods(?: (\S+))? -->$/.exec(open!.text) ?? bad(place)
    if (close?.text !== '<!-- /drawing -->') bad(place)
    const chapter = chapters.find(chapter => chapter.slug === slug)
    if (!chapter) throw new CliError('bad_page', `${place}: there is no chapter "${slug}" to draw.`)
    const drawing = ['', '```mermaid', diagram(meshOf(mesh, chapter)), '```', ''].join('\n')
    result += page.slice(position, open!.end) + drawing
    position = close.start
  }
  return result + page.slice(position)
}

function bad(place: string): never {
  const pair = '<!-- drawing: pods --> and, after it, <!-- /drawing -->'
  throw new CliError('bad_page', `${place}: a drawing stands between ${pair}, each on a line of its own.`)
}

/** The comments about drawings, in order; one that is only quoted, in a code block, is none. */
function markersOf(page: string) {
  return unified()
    .use(remarkParse)
    .parse(page)
    .children.flatMap(node => {
      if (node.type !== 'html' || !/^<!--\s*\/?drawing/.test(node.value) || !node.position) return []
      const { start, end } = node.position
      return [{ text: node.value, line: start.line, start: start.offset!, end: end.offset! }]
    })
}
