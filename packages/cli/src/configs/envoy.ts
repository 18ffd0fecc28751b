import { bootstraps, chapters, dockerNetwork, meshOf, yamlText } from '@hardway/compiler'
import { requireValid } from '@hardway/compiler/envoy-api'
import { readDefinition } from '../definition.ts'
import { readEnvoyApi } from './envoy-api.ts'
import type { Generator } from './generate.ts'

/** envoy/NN-slug: what the Envoys of each chapter are told, with the addresses that they have in containers. */
export const envoy: Generator = {
  folders: ['envoy'],
  async files(root) {
    const { mesh, placeOf } = readDefinition(root)
    const api = await readEnvoyApi()
    const files = new Map<string, string>()
    for (const chapter of chapters) {
      for (const [name, bootstrap] of bootstraps(meshOf(mesh, chapter), dockerNetwork)) {
        const path = `envoy/${chapter.slug}/${name}`
        requireValid(api, path, bootstrap, placeOf)
        files.set(path, yamlText(bootstrap))
      }
    }
    return files
  },
}
