import type { Metrics } from './mesh.ts'
import type { PrometheusProcess } from './pod.ts'

/** What is kept must not fill the disk, whatever its age. */
const largest = '512MB'

/**
 * What makes Prometheus serve. Nothing in it can be changed over HTTP: that would need --web.enable-lifecycle or
 * --web.enable-admin-api.
 * @param config  the path of its settings
 * @param data    the folder where it keeps numbers
 */
export function prometheusArguments(
  { api }: PrometheusProcess,
  { retention }: Metrics,
  config: string,
  data: string,
): string[] {
  return [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--storage.tsdb.retention.time=${retention}`,
    `--storage.tsdb.retention.size=${largest}`,
    `--web.listen-address=${api}`,
    '--web.cors.origin=http://localhost:9090', // left out, it is everybody: any page in the browser could ask it
    '--log.level=warn',
  ]
}
