import type { Mesh } from '../mesh.ts'

/** A mesh whose pods have sidecars. */
export type EnvoyMesh = Mesh & Required<Pick<Mesh, 'workloads' | 'gateway' | 'sidecars'>>

export function hasEnvoys(mesh: Mesh): mesh is Mesh & EnvoyMesh {
  return mesh.workloads !== undefined && mesh.gateway !== undefined && mesh.sidecars !== undefined
}
