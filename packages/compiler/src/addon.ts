import type { Mesh } from './mesh.ts'
import type { PodName } from './pod.ts'

/**
 * A pod that calculates nothing: the operator looks at the mesh with it. It has an identity and an Envoy as every pod, and
 * no policy engine, for only those come in whose certificate is on its list. The word is Istio's.
 */
export interface Addon {
  pod: PodName
  /** It listens here on its pod's loopback; and the operator finds it here at the gateway. */
  port: number
  /** The operator only reads here. */
  readOnly?: true
}

export const prometheus: Addon = {
  pod: { name: 'prometheus', workload: 'prometheus', number: 253, replica: 1 },
  port: 9090,
}

export const zipkin: Addon = {
  pod: { name: 'zipkin', workload: 'zipkin', number: 252, replica: 1 },
  port: 9411,
  readOnly: true,
}

/** Those that any mesh may have. */
export const allAddons = [prometheus, zipkin]

/** The add-ons of a mesh, in the order of their chapters. */
export function addons({ metrics, tracing }: Mesh): Addon[] {
  return [...(metrics ? [prometheus] : []), ...(tracing ? [zipkin] : [])]
}
