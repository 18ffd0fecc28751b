import { commented, flow } from '../annotated.ts'
import type { Identity } from '../mesh.ts'
import { spiffeIdOf } from '../spiffe-id.ts'
import { typedConfig } from './typed-config.ts'

/** Who may do what, by a name that says why. */
export interface Permission {
  method: string
  /** Any, if left out. */
  path?: string
  workloads: string[]
}

/**
 * The HTTP filter that decides by itself, without asking anybody: role-based access control. Enough where who may do what fits
 * into a list, and nothing depends on a person.
 */
export function rbac(identity: Identity, permissions: Record<string, Permission>): unknown {
  const policies = Object.fromEntries(
    Object.entries(permissions).map(([name, permission]) => [name, policy(identity, permission)]),
  )
  return {
    name: commented('envoy.filters.http.rbac', 'what is not allowed here is 403'),
    typed_config: typedConfig('envoy.extensions.filters.http.rbac.v3.RBAC', {
      rules: { action: 'ALLOW', policies },
    }),
  }
}

function policy(identity: Identity, { method, path, workloads }: Permission): unknown {
  const header = { name: ':method', string_match: { exact: method } }
  const rules = [{ header }, ...(path === undefined ? [] : [{ url_path: { path: { exact: path } } }])]
  const principals = workloads.map(workload => ({
    authenticated: { principal_name: { exact: spiffeIdOf(identity, workload) } },
  }))
  return { permissions: flow([{ and_rules: { rules } }]), principals: principals.map(flow) }
}
