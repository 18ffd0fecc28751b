import { commented, flow, from, paragraph } from '../annotated.ts'
import type { Sidecars } from '../mesh.ts'
import { bytes } from '../size.ts'
import { typedConfig } from './typed-config.ts'

const heapMonitor = 'envoy.resource_monitors.fixed_heap'

/**
 * What an Envoy does before it runs out of memory or of connections.
 * @param connections  how many it takes from its callers
 */
export function overloadManager({ max_heap }: Sidecars, connections: number): Record<string, unknown> {
  const resource_monitors = [
    {
      name: heapMonitor,
      typed_config: typedConfig('envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig', {
        max_heap_size_bytes: commented(from(['sidecars', 'max_heap'], bytes(max_heap)), max_heap),
      }),
    },
    {
      name: 'envoy.resource_monitors.global_downstream_max_connections',
      typed_config: typedConfig(
        'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
        { max_active_downstream_connections: connections },
      ),
    },
  ]
  const actions = [
    action('envoy.overload_actions.shrink_heap', 0.9),
    action('envoy.overload_actions.stop_accepting_requests', 0.95),
  ]
  return paragraph('Rather refuse some than fall with all.', {
    overload_manager: { resource_monitors, actions },
  })
}

/** @param share  of the heap that is in use */
function action(name: string, share: number): unknown {
  return { name, triggers: flow([{ name: heapMonitor, threshold: { value: share } }]) }
}
