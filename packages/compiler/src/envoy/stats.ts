import { commented, flow, paragraph } from '../annotated.ts'
import type { Workload } from '../mesh.ts'
import { gatewayPod, type PodName } from '../pod.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { metricsPrefix } from './metrics-listener.ts'
import { secrets } from './sds.ts'

/** In milliseconds, as Envoy measures. */
const buckets = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000]

/** Of the SVID that it shows, which SDS calls so; its other listeners show the same. */
const expiration = `listener.${metricsPrefix}.ssl.certificate.${secrets.svid}.expiration_unix_time_seconds`

/**
 * What an Envoy counts: what the rules and alerts are made of, and nothing else.
 * @param calls  the workloads that it calls
 */
export function statsConfig(
  { workloads, metrics, authorization }: EnvoyMesh,
  { name, workload }: PodName,
  calls: string[],
): Record<string, unknown> {
  if (!metrics) return {}
  const speaking = (serves: Workload['serves']) => calls.filter(call => workloads[call]!.serves === serves)
  const hasOpa = authorization && (name === gatewayPod.name || workload in workloads)
  const door = name === gatewayPod.name ? 'gateway' : 'inbound'
  const [http, grpc] = [speaking('http'), speaking('grpc')]
  const patterns = [
    ...(name === gatewayPod.name
      ? [regex(String.raw`http\.gateway\.downstream_rq_([1-5]xx|time)`, 'how people are served')]
      : []),
    ...(http.length > 0
      ? [regex(String.raw`cluster\.(${http.join('|')})\.upstream_rq_([1-5]xx|time)`, 'and how this pod is')]
      : []),
    ...(grpc.length > 0
      ? [
          regex(
            String.raw`cluster\.(${grpc.join('|')})\.(grpc\.\d+|upstream_rq_time)`,
            'how this pod is served',
          ),
        ]
      : []),
    ...(hasOpa ? [commented(flow({ exact: `http.${door}.ext_authz.error` }), 'OPA gave no answer')] : []),
    commented(flow({ exact: expiration }), 'until when its SVID is good'),
    regex(String.raw`http\..*\.downstream_(cx|rq)_active`, 'asked for when it is to end gently'),
  ]
  const stats_config = {
    stats_matcher: { inclusion_list: { patterns } },
    ...(grpc.length > 0
      ? {
          stats_tags: commented(
            [flow({ tag_name: 'grpc_status', regex: String.raw`^cluster\..+\.grpc(\.(\d+))$` })],
            'the status becomes a label',
          ),
        }
      : {}),
    histogram_bucket_settings: commented(
      [flow({ match: { suffix: '_rq_time' }, buckets })],
      'milliseconds; every bucket is a number more for each edge',
    ),
  }
  const why =
    '08: An Envoy could give some two thousand numbers, and each is paid for whenever they are read, and in Prometheus. Counted ' +
    'is what the rules and alerts are made of.'
  return paragraph(why, { stats_config })
}

function regex(pattern: string, comment: string): unknown {
  return commented(flow({ safe_regex: { regex: pattern } }), comment)
}
