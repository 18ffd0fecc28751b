import { prometheus, zipkin } from '../addon.ts'
import type { Mesh } from '../mesh.ts'
import { gatewayPod, type Network, type PodName, podNames } from '../pod.ts'
import { yamlText } from '../yaml-text.ts'
import { gatewayBootstrap, prometheusBootstrap, sidecarBootstrap, zipkinBootstrap } from './bootstrap.ts'
import { hasEnvoys } from './envoy-mesh.ts'
import { jwtAuthnFile, jwtAuthnSettings } from './jwt-authn.ts'
import { sdsFiles } from './sds.ts'

/** What every Envoy of a mesh is told, by file name: the very objects, with the notes for their file. */
export function bootstraps(mesh: Mesh, network: Network): Map<string, unknown> {
  if (!hasEnvoys(mesh)) return new Map()
  const pods = podNames(mesh)
  const sidecars = [...pods.values()].flat()
  return new Map([
    [fileOf(gatewayPod), gatewayBootstrap(mesh, pods, network)],
    ...sidecars.map(pod => [fileOf(pod), sidecarBootstrap(mesh, pod, pods, network)] as const),
    ...(mesh.metrics
      ? [[fileOf(prometheus.pod), prometheusBootstrap(mesh, prometheus, network)] as const]
      : []),
    ...(mesh.tracing ? [[fileOf(zipkin.pod), zipkinBootstrap(mesh, zipkin, network)] as const] : []),
  ])
}

/** The files that lie in the folder of every pod with an Envoy, by their paths there; none before chapter 04. */
export function podFiles(mesh: Mesh, pod: PodName, network: Network): Map<string, unknown> {
  return sdsFiles(mesh, network.folder(pod))
}

/** The files that are the same for all pods, by name: what the identity service completes. None before chapter 05. */
export function sharedFiles({ identity, jwt }: Mesh): Map<string, unknown> {
  return new Map(identity && jwt ? [[jwtAuthnFile, jwtAuthnSettings(identity, jwt)]] : [])
}

/** The settings of every Envoy of a mesh, by file name; none for a mesh without Envoys. */
export function envoyConfigs(mesh: Mesh, network: Network): Map<string, string> {
  return new Map([...bootstraps(mesh, network)].map(([file, bootstrap]) => [file, yamlText(bootstrap)]))
}

function fileOf({ name }: PodName): string {
  return `${name}.yaml`
}
