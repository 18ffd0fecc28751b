import { commented, flow, from } from '../annotated.ts'
import type { Sidecars, Workload } from '../mesh.ts'

/**
 * A virtual host that sends everything to one cluster.
 * @param settings  of filters, for this virtual host
 * @param readOnly  whether anything but GET is 404
 */
export function virtualHost(
  name: string,
  domains: string[],
  route: unknown,
  settings: object = {},
  readOnly = false,
): Record<string, unknown> {
  const headers = [{ name: ':method', string_match: { exact: 'GET' } }]
  const match = flow({ prefix: '/', ...(readOnly ? { headers } : {}) })
  return { name, domains: flow(domains), routes: [{ match, route }], ...settings }
}

/** The way to a cluster, and how long an answer may take. */
export function route(cluster: string, serves: Workload['serves'], sidecars: Sidecars): unknown {
  const timeout = from(['sidecars', 'timeout'], sidecars.timeout)
  if (serves === 'http') {
    return {
      cluster,
      timeout: commented(timeout, 'until the answer is complete'),
    }
  }
  return {
    cluster,
    // Without the first a call that sets no deadline never ends; without the second a deadline is not looked at.
    max_stream_duration: {
      max_stream_duration: commented(timeout, 'for a call that sets no deadline'),
      grpc_timeout_header_max: commented(timeout, 'the latest deadline that a call may set'),
    },
  }
}
