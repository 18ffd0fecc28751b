import { flow } from '../annotated.ts'
import { typedConfig } from './typed-config.ts'

const router = {
  name: 'envoy.filters.http.router',
  typed_config: flow(typedConfig('envoy.extensions.filters.http.router.v3.Router')),
}

/** What a request passes on its way in, in this order. The router must be last. */
export function inboundHttpFilters(): unknown[] {
  return [router]
}

/** What a request of the application passes on its way to another pod. */
export function outboundHttpFilters(): unknown[] {
  return [router]
}

/** What a stranger's request passes. */
export function gatewayHttpFilters(): unknown[] {
  return [router]
}
