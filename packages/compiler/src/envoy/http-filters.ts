import { commented, flow } from '../annotated.ts'
import type { Mesh, Workload } from '../mesh.ts'
import { extAuthz } from './ext-authz.ts'
import { grpcStats } from './grpc-stats.ts'
import { jwtAuthn } from './jwt-authn.ts'
import { typedConfig } from './typed-config.ts'

const router = 'envoy.filters.http.router'
const routerType = 'envoy.extensions.filters.http.router.v3.Router'

/** Tells the one that it forwards to how long it may take. */
const tellingRouter = {
  name: commented(router, 'tells the application its time, in x-envoy-expected-rq-timeout-ms'),
  typed_config: flow(typedConfig(routerType)),
}

/** Two headers less on every hop are a twentieth of the processor time that Envoys take. */
const silentRouter = {
  name: router,
  typed_config: typedConfig(routerType, {
    suppress_envoy_headers: commented(true, 'none about how long things take: nobody reads them here'),
  }),
}

/**
 * What a request passes on its way in, in this order: who is it, may it, and then forward. The router must be last. A gRPC
 * call has its time with it.
 * @param folder  of the pod, as its Envoy names it
 */
export function inboundHttpFilters(mesh: Mesh, serves: Workload['serves'], folder: string): unknown[] {
  return [...checks(mesh, folder), serves === 'http' ? tellingRouter : silentRouter]
}

/** What a request of the application passes on its way to another pod. */
export function outboundHttpFilters({ metrics }: Mesh): unknown[] {
  return [...(metrics ? [grpcStats] : []), silentRouter]
}

/** What a request passes that nothing is decided on here: whoever may come in was told by its certificate. */
export const forwardHttpFilters = [silentRouter]

/** What a stranger's request passes. */
export function gatewayHttpFilters(mesh: Mesh, folder: string): unknown[] {
  return [...checks(mesh, folder), silentRouter]
}

function checks({ jwt, authorization }: Mesh, folder: string): unknown[] {
  return [
    ...(jwt ? [jwtAuthn(folder)] : []),
    ...(authorization ? [extAuthz(authorization)] : []), // after the token is verified
  ]
}
