/**
 * Pure: a mesh definition in, what every platform runs and every page draws out. Nothing is read or written here. The
 * check against Envoy's API is apart, in envoy-api: it takes a while to load, and only who writes files needs it.
 */
export { accessLogArguments } from './access-log-arguments.ts'
export { type Addon, addons, allAddons } from './addon.ts'
export { type Chapter, chapter, chapters, meshOf } from './chapter.ts'
export { composeFile, deployFiles, dockerFiles } from './compose.ts'
export { diagram } from './diagram.ts'
export { dockerNetwork } from './docker-network.ts'
export { bootstraps, envoyConfigs, podFiles, sharedFiles } from './envoy/envoy-configs.ts'
export { responseFlags } from './envoy/response-flags.ts'
export { MeshError, type MeshErrorCode } from './error.ts'
export { type Logs, Mesh, type Workload } from './mesh.ts'
export { opaArguments, opaEnvironment } from './opa-arguments.ts'
export { opaConfig } from './opa-config.ts'
export { opaData } from './opa-data.ts'
export { type Definition, parseDefinition, parseMesh } from './parse-mesh.ts'
export {
  type Address,
  callPods,
  type EnvoyProcess,
  envoyPods,
  type Files,
  gatewayPod,
  type Hosts,
  type Network,
  type NodeProcess,
  type OpaProcess,
  type Pod,
  type PodName,
  type Process,
  type PrometheusProcess,
  podNames,
  pods,
  type ZipkinProcess,
} from './pod.ts'
export { prometheusArguments } from './prometheus-arguments.ts'
export { prometheusConfig } from './prometheus-config.ts'
export { registrationFile } from './registration.ts'
export { personIdOf, spiffeIdOf } from './spiffe-id.ts'
export { yamlText } from './yaml-text.ts'
export { zipkinArguments, zipkinJavaOptions } from './zipkin-arguments.ts'
