import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Chapter,
  deployFiles,
  dockerNetwork,
  envoyConfigs,
  type Mesh,
  meshOf,
  opaData,
  type Pod,
  prometheusConfig,
} from '@hardway/compiler'
import { filesIn } from '../configs/files-in.ts'
import { prometheusFile, rulesFile } from '../configs/prometheus.ts'
import { contentOf } from '../content-of.ts'
import { type Container, processesOf } from './containers.ts'
import type { Docker } from './docker.ts'

/** The files of a chapter that are not what the definition of the mesh says: nobody wrote them since it was changed. */
export function differing({ root }: Docker, chapter: Chapter, definition: Mesh): string[] {
  const mesh = meshOf(definition, chapter)
  const configs = envoyConfigs(mesh, dockerNetwork)
  const wanted = new Map([
    ...[...deployFiles(chapter, definition)].map(
      ([file, text]) => [`deploy/${chapter.slug}/${file}`, text] as const,
    ),
    ...[...configs].map(([file, text]) => [`envoy/${chapter.slug}/${file}`, text] as const),
    ...(mesh.authorization ? [[`opa/${chapter.slug}/data.json`, opaData(mesh)] as const] : []),
    ...(mesh.metrics
      ? [[prometheusFile(chapter.slug), prometheusConfig(mesh, dockerNetwork, rulesFile)] as const]
      : []),
  ])
  return [...wanted].filter(([path, text]) => contentOf(join(root, path)) !== text).map(([path]) => path)
}

/** Where the settings lie that the processes of a chapter read at their start, by the name of the process. */
export function configFiles({ root }: Docker, { slug }: Chapter, pods: Pod[]): Map<string, string> {
  const processes = pods.flatMap(pod => pod.processes)
  const files = processes.flatMap(process => {
    if (process.program === 'envoy')
      return [[process.name, join(root, 'envoy', slug, process.config)] as const]
    if (process.program === 'opa') return [[process.name, join(root, 'deploy', slug, 'opa.yaml')] as const]
    if (process.program === 'prometheus') return [[process.name, join(root, prometheusFile(slug))] as const]
    if (process.program === 'zipkin') return [] // all that it is told is its command
    return process.environment.IDENTITY_CONFIG === undefined
      ? []
      : [[process.name, join(root, 'deploy', slug, 'identity.yaml')] as const]
  })
  return new Map(files)
}

/** The users in containers are others than the reader: with a umask of 027 they could not read what is public. */
export function makeReadable({ root }: Docker, { slug }: Chapter): void {
  const folders = ['envoy', 'deploy', 'opa', 'prometheus'].map(tree => `${tree}/${slug}`)
  for (const file of folders.flatMap(folder => filesIn(root, folder))) {
    const path = join(root, file)
    const { mode } = statSync(path)
    if ((mode & 0o004) === 0) chmodSync(path, mode | 0o444)
  }
}

/** Processes that run with settings that were changed after their start: they read them once. */
export function outdated(files: Map<string, string>, all: Container[]): Container[] {
  return processesOf(all).filter(({ service, running, startedAt }) => {
    const file = files.get(service)
    return running && file !== undefined && statSync(file).mtimeMs > Date.parse(startedAt)
  })
}
