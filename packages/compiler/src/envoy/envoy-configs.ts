import type { Mesh } from '../mesh.ts'
import { gatewayPod, type Network, type PodName, podNames } from '../pod.ts'
import { yamlText } from '../yaml-text.ts'
import { gatewayBootstrap, sidecarBootstrap } from './bootstrap.ts'
import { hasEnvoys } from './envoy-mesh.ts'

/** What every Envoy of a mesh is told, by file name: the very objects, with the notes for their file. */
export function bootstraps(mesh: Mesh, network: Network): Map<string, unknown> {
  if (!hasEnvoys(mesh)) return new Map()
  const pods = podNames(mesh)
  const sidecars = [...pods.values()].flat()
  return new Map([
    [fileOf(gatewayPod), gatewayBootstrap(mesh, pods, network)],
    ...sidecars.map(pod => [fileOf(pod), sidecarBootstrap(mesh, pod, pods, network)] as const),
  ])
}

/** The settings of every Envoy of a mesh, by file name; none for a mesh without Envoys. */
export function envoyConfigs(mesh: Mesh, network: Network): Map<string, string> {
  return new Map([...bootstraps(mesh, network)].map(([file, bootstrap]) => [file, yamlText(bootstrap)]))
}

function fileOf({ name }: PodName): string {
  return `${name}.yaml`
}
