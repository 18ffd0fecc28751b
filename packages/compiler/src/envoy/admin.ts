import { commented, paragraph } from '../annotated.ts'
import { type Network, type PodName, ports } from '../pod.ts'
import { address } from './address.ts'

/** Envoy's own HTTP interface; without a list of paths it could also stop the process, and show its keys. */
export function admin(pod: PodName, network: Network): Record<string, unknown> {
  const settings = {
    address: address(network.loopback(pod), ports.admin),
    allow_paths: [
      { exact: '/ready' },
      { prefix: '/stats' },
      { prefix: '/config_dump' },
      { prefix: '/drain_listeners' },
    ],
    ignore_global_conn_limit: commented(true, 'a full Envoy can still be asked why'),
  }
  const who = 'Readable by whoever is in the pod, and by nobody else. The one changing path ends it gently.'
  return paragraph(who, { admin: settings })
}
