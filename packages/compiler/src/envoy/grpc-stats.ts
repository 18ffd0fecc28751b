import { commented } from '../annotated.ts'
import { typedConfig } from './typed-config.ts'

/** The HTTP filter that counts how gRPC calls end, by cluster and status: `cluster.add.grpc.0`. */
export const grpcStats = {
  name: commented(
    'envoy.filters.http.grpc_stats',
    '08: how did it end? HTTP would say 200 to every gRPC call',
  ),
  typed_config: typedConfig('envoy.extensions.filters.http.grpc_stats.v3.FilterConfig', {
    stats_for_all_methods: commented(false, 'one method each'),
  }),
}
