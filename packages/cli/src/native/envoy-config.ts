import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Mesh, Pod } from '@hardway/compiler'
import type { Native } from './native.ts'

/** The settings of a chapter's Envoys, by file name. */
export async function configsOf({ network }: Native, mesh: Mesh, pods: Pod[]): Promise<Map<string, string>> {
  const hasEnvoy = pods.some(({ processes }) => processes.some(({ program }) => program === 'envoy'))
  if (!hasEnvoy) return new Map()
  const { envoyConfigs } = await import('@hardway/compiler') // to load all of it takes a while
  return envoyConfigs(mesh, network)
}

/** Writes the settings of every Envoy of a chapter, each whole or not at all, and removes those of other chapters. */
export function writeConfigs({ stateDir }: Native, configs: Map<string, string>): void {
  const folder = configFolder(stateDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const file of readdirSync(folder)) {
    if (!configs.has(file)) rmSync(join(folder, file), { recursive: true })
  }
  for (const [file, text] of configs) {
    const path = join(folder, file)
    if (contentOf(path) === text) continue
    writeFileSync(`${path}.new`, text, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
}

/** Where the settings of an Envoy lie, as it is told them in the project's folder. */
export function configPath({ root, stateDir }: Native, file: string): string {
  return relative(root, join(configFolder(stateDir), file))
}

function configFolder(stateDir: string): string {
  return join(stateDir, 'envoy')
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
