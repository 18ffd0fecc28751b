import {
  bootstraps,
  chapters,
  dockerNetwork,
  gatewayPod,
  meshOf,
  podFiles,
  sharedFiles,
  yamlText,
} from '@hardway/compiler'
import { type EnvoyApi, requireValid } from '@hardway/compiler/envoy-api'
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
      const seen = meshOf(mesh, chapter)
      for (const [name, bootstrap] of bootstraps(seen, dockerNetwork)) write(name, api.bootstrap, bootstrap)
      // In containers they are the same for every pod.
      const others = [...podFiles(seen, gatewayPod, dockerNetwork), ...sharedFiles(seen)]
      for (const [name, resource] of others) write(name, api.discoveryResponse, resource)

      function write(name: string, message: EnvoyApi['bootstrap'], content: unknown): void {
        const path = `envoy/${chapter.slug}/${name}`
        requireValid(api, message, path, content, placeOf)
        files.set(path, yamlText(content))
      }
    }
    return files
  },
}
