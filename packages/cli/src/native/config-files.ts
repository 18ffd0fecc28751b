import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Files, Mesh, Pod } from '@hardway/compiler'
import { contentOf } from '../content-of.ts'
import { type Native, networkOf } from './native.ts'
import { tokenFile } from './token.ts'

const envoyFolder = 'envoy'
const registration = 'identity.yaml'

/** Where the data of policies lie below the folder of our state. OPA watches the whole folder: nothing else is in it. */
export const opaDataFile = 'opa/data.json'

const prometheusFolder = 'pods/prometheus'

/** Where the settings of Prometheus lie below the folder of our state, and where it keeps numbers. */
export const prometheusConfigFile = join(prometheusFolder, 'prometheus.yaml')
export const prometheusData = join(prometheusFolder, 'data')

/** The rules are those of the project, as they are. */
function rulesOf({ root }: Native, chapter: string): string {
  return join(root, 'prometheus', chapter, 'rules.yaml')
}

/** Where everything lies that a process of a chapter reads, as it is told it in the project's folder. */
export function filesOf({ root, stateDir }: Native): Files {
  return {
    token: relative(root, tokenFile(stateDir)),
    registration: relative(root, join(stateDir, registration)),
    authority: relative(root, join(stateDir, 'identity')),
    svid: relative(root, join(podFolder(stateDir, '{pod}'), 'svid')),
  }
}

/** What is of one pod only: its SVID, and where its Envoy finds it. */
export function podFolder(stateDir: string, pod: string): string {
  return join(stateDir, 'pods', pod)
}

/**
 * The files that the processes of a chapter read at their start, by their paths below the folder of our state.
 * @param chapter  its slug
 */
export async function configsOf(
  native: Native,
  chapter: string,
  mesh: Mesh,
  pods: Pod[],
): Promise<Map<string, string>> {
  const hasEnvoy = pods.some(({ processes }) => processes.some(({ program }) => program === 'envoy'))
  if (!hasEnvoy) return new Map()
  const compiler = await import('@hardway/compiler') // takes a while
  const { callPods, envoyConfigs, envoyPods, opaConfig, opaData, podFiles, registrationFile } = compiler
  const { prometheusConfig, sharedFiles, yamlText } = compiler
  const network = networkOf(native)
  const configure = native.configure ?? (async (configs: Map<string, string>) => configs)
  const envoys = await configure(envoyConfigs(mesh, network))
  const ofPods = envoyPods(mesh).flatMap(pod =>
    [...podFiles(mesh, pod, network)].map(
      ([file, content]) => [join('pods', pod.name, file), yamlText(content)] as const,
    ),
  )
  const ofOpas = callPods(mesh).map(pod => [opaConfigFile(pod.name), opaConfig(pod, network)] as const)
  return new Map([
    ...[...envoys].map(([file, text]) => [join(envoyFolder, file), text] as const),
    ...ofPods,
    ...[...sharedFiles(mesh)].map(([file, content]) => [file, yamlText(content)] as const),
    ...(mesh.identity ? [[registration, registrationFile(mesh, 'jwt-authn.yaml')] as const] : []),
    ...(mesh.authorization ? [...ofOpas, [opaDataFile, opaData(mesh)] as const] : []),
    ...(mesh.metrics
      ? [[prometheusConfigFile, prometheusConfig(mesh, network, rulesOf(native, chapter))] as const]
      : []),
  ])
}

/** Writes files, each whole or not at all, and removes the settings of Envoys that are none of this chapter's. */
export function writeConfigs({ stateDir }: Native, configs: Map<string, string>): void {
  const folder = join(stateDir, envoyFolder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const file of readdirSync(folder)) {
    if (!configs.has(join(envoyFolder, file))) rmSync(join(folder, file), { recursive: true })
  }
  for (const [file, text] of configs) {
    const path = join(stateDir, file)
    if (contentOf(path) === text) continue
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.new`, text, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
}

/** Where the settings of an Envoy lie below the folder of our state. */
export function envoyConfig(file: string): string {
  return join(envoyFolder, file)
}

/** Where the settings of a pod's OPA lie below the folder of our state. */
export function opaConfigFile(pod: string): string {
  return join('pods', pod, 'opa.yaml')
}
