import { chapters, dockerNetwork, meshOf, prometheusConfig } from '@hardway/compiler'
import { readDefinition } from '../definition.ts'
import type { Generator } from './generate.ts'

/** The rules of a chapter, beside its settings; they are written by hand. */
export const rulesFile = 'rules.yaml'

/** Where the settings of a chapter's Prometheus lie. */
export function prometheusFile(slug: string): string {
  return `prometheus/${slug}/prometheus.yaml`
}

/** prometheus/NN-slug/prometheus.yaml: whom Prometheus asks. The rules beside it are written by hand. */
export const prometheus: Generator = {
  folders: [],
  async files(root) {
    const { mesh } = readDefinition(root)
    const counting = chapters.filter(({ sections }) => sections.includes('metrics'))
    return new Map(
      counting.map(chapter => [
        prometheusFile(chapter.slug),
        prometheusConfig(meshOf(mesh, chapter), dockerNetwork, rulesFile),
      ]),
    )
  },
}
