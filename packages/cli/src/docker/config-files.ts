import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Chapter,
  composeFile,
  dockerNetwork,
  envoyConfigs,
  type Mesh,
  meshOf,
  type Pod,
} from '@hardway/compiler'
import { type Container, processesOf } from './containers.ts'
import type { Docker } from './docker.ts'

/** The files of a chapter that are not what the definition of the mesh says: nobody wrote them since it was changed. */
export function differing({ root }: Docker, chapter: Chapter, definition: Mesh): string[] {
  const configs = envoyConfigs(meshOf(definition, chapter), dockerNetwork)
  const wanted = new Map([
    [`deploy/${chapter.slug}/compose.yaml`, composeFile(chapter, definition)],
    ...[...configs].map(([file, text]) => [`envoy/${chapter.slug}/${file}`, text] as const),
  ])
  return [...wanted].filter(([path, text]) => contentOf(join(root, path)) !== text).map(([path]) => path)
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Where the settings of a chapter's Envoys lie, by the name of the process. */
export function envoyFiles({ root }: Docker, { slug }: Chapter, pods: Pod[]): Map<string, string> {
  const processes = pods.flatMap(pod => pod.processes)
  const files = processes.flatMap(process =>
    process.program === 'envoy' ? [[process.name, join(root, 'envoy', slug, process.config)] as const] : [],
  )
  return new Map(files)
}

/** Envoy's user in its container is another one than the reader: with a umask of 027 it could not read what is public. */
export function makeReadable(files: Map<string, string>): void {
  for (const file of files.values()) {
    const { mode } = statSync(file)
    if ((mode & 0o004) === 0) chmodSync(file, mode | 0o444)
  }
}

/** Envoys that run with settings that were changed after their start: an Envoy reads them once. */
export function outdated(files: Map<string, string>, all: Container[]): Container[] {
  return processesOf(all).filter(({ service, running, startedAt }) => {
    const file = files.get(service)
    return running && file !== undefined && statSync(file).mtimeMs > Date.parse(startedAt)
  })
}
