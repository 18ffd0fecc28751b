import { chapters, composeFile } from '@hardway/compiler'
import { readDefinition } from '../definition.ts'
import type { Generator } from './generate.ts'

/** deploy/NN-slug: each chapter in containers. */
export const compose: Generator = {
  folders: chapters.map(({ slug }) => `deploy/${slug}`),
  async files(root) {
    const { mesh } = readDefinition(root)
    return new Map(
      chapters.map(chapter => [`deploy/${chapter.slug}/compose.yaml`, composeFile(chapter, mesh)]),
    )
  },
}
