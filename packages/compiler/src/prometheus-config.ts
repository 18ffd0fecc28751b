import { prometheus } from './addon.ts'
import { apart, commented, flow, spaced, titled } from './annotated.ts'
import type { Mesh } from './mesh.ts'
import { envoyPods, type Network, type PodName, podNames, ports } from './pod.ts'
import { yamlText } from './yaml-text.ts'

/**
 * What Prometheus is told.
 * @param rules  the path of its rules
 */
export function prometheusConfig(mesh: Mesh, network: Network, rules: string): string {
  const { interval } = mesh.metrics!
  const envoys = job('envoy', '/stats/prometheus', envoyPods(mesh), network)
  const applications = job('application', '/metrics', [...podNames(mesh).values()].flat(), network)
  const how = [
    'An edge is who calls whom. Who calls is the pod whose Envoy counted, and whom it calls is the name of its cluster.',
  ]
  return yamlText(
    titled('What Prometheus is told: whom it asks, how often, and the rules that it keeps.', {
      global: flow({ scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval }),
      rule_files: flow([rules]),
      scrape_configs: apart(
        spaced([{ ...envoys, metric_relabel_configs: commented(edges(), how.join(' ')) }, applications]),
      ),
    }),
  )
}

/** @param targets  each has its workload as a label; copies of a workload differ by `instance` */
function job(job_name: string, metrics_path: string, targets: PodName[], network: Network): object {
  const sidecar = `http://${network.loopback(prometheus.pod)}:${ports.outbound}`
  return {
    job_name,
    metrics_path,
    proxy_url: commented(sidecar, 'its sidecar, which makes it mTLS and knows where each pod is'),
    sample_limit: commented(500, 'a pod that counts without end is not read'),
    static_configs: targets.map(({ name, workload }) => flow({ targets: [name], labels: { workload } })),
  }
}

function edges(): unknown[] {
  const edge = (source_labels: string[], regex: string, target_label: string, replacement: string) =>
    flow({ source_labels, regex, target_label, replacement })
  return [
    edge(['workload', 'envoy_cluster_name'], '(.+);(.+)', 'source', '$1'),
    edge(['envoy_cluster_name'], '(.+)', 'destination', '$1'),
    edge(['envoy_http_conn_manager_prefix'], 'gateway', 'source', 'outside'),
    edge(['envoy_http_conn_manager_prefix'], 'gateway', 'destination', 'gateway'),
    flow({ regex: 'envoy_cluster_name', action: 'labeldrop' }),
  ]
}
