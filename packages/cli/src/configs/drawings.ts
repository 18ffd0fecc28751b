import { basename } from 'node:path'
import { chapters, diagram, type Mesh, meshOf } from '@hardway/compiler'
import { fillBetweenMarkers } from './markers.ts'

/**
 * Draws between `<!-- drawing: pods -->` and `<!-- /drawing -->`: the pods of the page's own chapter, or of the one
 * that the comment names (`<!-- drawing: pods 01-monolith -->`).
 * @param file  the page's path: its name is its chapter's slug
 * @throws CliError `bad_page`
 */
export function withDrawings(page: string, file: string, mesh: Mesh): string {
  return fillBetweenMarkers(page, file, 'drawing', '<!-- drawing: pods -->', what => {
    const pods = /^pods(?: (\S+))?$/.exec(what)
    const slug = pods?.[1] ?? basename(file, '.md')
    const chapter = chapters.find(chapter => chapter.slug === slug)
    if (!pods || !chapter) return undefined
    return ['```mermaid', diagram(meshOf(mesh, chapter)), '```'].join('\n')
  })
}
