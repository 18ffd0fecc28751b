import { chapters, meshOf, opaData } from '@hardway/compiler'
import { readDefinition } from '../definition.ts'
import type { Generator } from './generate.ts'

/** opa/NN-slug/data.json: what the policies beside it know of the mesh. The policies themselves are written by hand. */
export const opa: Generator = {
  folders: [],
  async files(root) {
    const { mesh } = readDefinition(root)
    const deciding = chapters.filter(({ sections }) => sections.includes('authorization'))
    return new Map(
      deciding.map(chapter => [`opa/${chapter.slug}/data.json`, opaData(meshOf(mesh, chapter))] as const),
    )
  },
}
