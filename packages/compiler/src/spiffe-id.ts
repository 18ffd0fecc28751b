import type { Identity } from './mesh.ts'

/** The SPIFFE ID of a workload; all its copies are one workload. */
export function spiffeIdOf({ trust_domain }: Identity, workload: string): string {
  return `spiffe://${trust_domain}/${workload}`
}

/** The SPIFFE ID of a person. */
export function personIdOf({ trust_domain }: Identity, person: string): string {
  return `spiffe://${trust_domain}/client/${person}`
}
