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
}

export const prometheus: Addon = {
  pod: { name: 'prometheus', workload: 'prometheus', number: 253, replica: 1 },
  port: 9090,
}

/** Those that any mesh may have. */
export const allAddons = [prometheus]

/** The add-ons of a mesh, in the order of their chapters. */
export function addons({ metrics }: Mesh): Addon[] {
  return [...(metrics ? [prometheus] : [])]
}
