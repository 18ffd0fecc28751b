import { chapters, deployFiles } from '@hardway/compiler'
import { readDefinition } from '../definition.ts'
import type { Generator } from './generate.ts'

/** deploy/NN-slug: each chapter in containers, and what they read besides their Envoys' settings. */
export const compose: Generator = {
  folders: chapters.map(({ slug }) => `deploy/${slug}`),
  async files(root) {
    const { mesh } = readDefinition(root)
    return new Map(
      chapters.flatMap(chapter =>
        [...deployFiles(chapter, mesh)].map(
          ([file, text]) => [`deploy/${chapter.slug}/${file}`, text] as const,
        ),
      ),
    )
  },
}
