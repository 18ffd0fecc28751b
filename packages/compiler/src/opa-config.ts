import { commented, flow, titled } from './annotated.ts'
import { type Network, type PodName, ports } from './pod.ts'
import { yamlText } from './yaml-text.ts'

/** What the OPA of a pod is told besides its policies. */
export function opaConfig(pod: PodName, network: Network): string {
  const envoy_ext_authz_grpc = {
    addr: commented(`${network.loopback(pod)}:${ports.opa}`, 'for the Envoy beside it'),
    path: commented('authz/decision', 'the rule that answers: package authz, decision'),
    'skip-request-body-parse': commented(true, 'what is calculated is not its business'),
  }
  return yamlText(
    titled('What each OPA is told. Its policies and their data are files of their own, which it watches.', {
      plugins: { envoy_ext_authz_grpc },
      decision_logs: commented(flow({ console: true }), 'denials and errors: log.rego drops the rest'),
    }),
  )
}
