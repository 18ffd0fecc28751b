import { flow } from '../annotated.ts'
import type { Mesh } from '../mesh.ts'
import { jwtAuthn } from './jwt-authn.ts'
import { typedConfig } from './typed-config.ts'

const router = {
  name: 'envoy.filters.http.router',
  typed_config: flow(typedConfig('envoy.extensions.filters.http.router.v3.Router')),
}

/**
 * What a request passes on its way in, in this order: who is it, and then forward. The router must be last.
 * @param folder  of the pod, as its Envoy names it
 */
export function inboundHttpFilters({ jwt }: Mesh, folder: string): unknown[] {
  return [...(jwt ? [jwtAuthn(folder)] : []), router]
}

/** What a request of the application passes on its way to another pod. */
export function outboundHttpFilters(): unknown[] {
  return [router]
}

/** What a stranger's request passes. */
export function gatewayHttpFilters({ jwt }: Mesh, folder: string): unknown[] {
  return [...(jwt ? [jwtAuthn(folder)] : []), router]
}
