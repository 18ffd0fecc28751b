import { type Addon, addons } from '../addon.ts'
import { apart, flow, from, spaced, titled } from '../annotated.ts'
import { envoyPods, gatewayPod, type Network, type PodName } from '../pod.ts'
import {
  doorListener,
  prometheusInboundListener,
  scrapeListener,
  zipkinInboundListener,
} from './addon-listener.ts'
import { admin } from './admin.ts'
import {
  application,
  applicationCluster,
  loopbackCluster,
  metricsCluster,
  opaCluster,
  podCluster,
} from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { gatewayListener, inboundListener, outboundListener } from './listener.ts'
import { metricsClusters, metricsListener } from './metrics-listener.ts'
import { overloadManager } from './overload-manager.ts'
import { spanBatches, spansCluster, spansListener } from './spans.ts'
import { statsConfig } from './stats.ts'

/** All that the gateway's Envoy is told. */
export function gatewayBootstrap(mesh: EnvoyMesh, pods: Map<string, PodName[]>, network: Network): unknown {
  const { calls } = mesh.gateway
  const clusters = [
    ...calls.map(name => podCluster(mesh, name, pods.get(name)!, network, gatewayPod)),
    ...policyEngine(mesh, gatewayPod, network),
    ...addons(mesh).map(({ pod }) => podCluster(mesh, pod.name, [pod], network, gatewayPod)),
    ...metricsClusters(mesh, gatewayPod, network, false),
    ...spansCluster(mesh, gatewayPod, network),
  ]
  const listeners = [
    gatewayListener(mesh, network),
    ...addons(mesh).map(addon => doorListener(mesh, addon, network)),
    ...metricsListener(mesh, gatewayPod, network, false),
  ]
  const title =
    'The gateway: the one door from outside. Nothing that a stranger sends is trusted: it is checked, measured and ' +
    `cleaned here, and then goes to ${calls.join(' or ')}'s sidecar.`
  const file = bootstrap(gatewayPod, listeners, clusters, {
    ...statsConfig(mesh, gatewayPod, calls),
    ...spanBatches(mesh),
    ...admin(gatewayPod, network),
    ...overloadManager(mesh.sidecars, 10_000),
  })
  return titled(title, from(['gateway'], file))
}

/** All that the Envoy beside an application is told. */
export function sidecarBootstrap(
  mesh: EnvoyMesh,
  pod: PodName,
  pods: Map<string, PodName[]>,
  network: Network,
): unknown {
  const workload = mesh.workloads[pod.workload]!
  const { calls = [] } = workload
  const listeners = [
    inboundListener(mesh, pod, workload, network),
    ...(calls.length > 0 ? [outboundListener(mesh, pod, calls, network)] : []),
    ...spansListener(mesh, pod, network),
    ...metricsListener(mesh, pod, network, true),
  ]
  const clusters = [
    applicationCluster(workload, pod, network, mesh.sidecars),
    ...calls.map(name => podCluster(mesh, name, pods.get(name)!, network, pod)),
    ...policyEngine(mesh, pod, network),
    ...metricsClusters(mesh, pod, network, true),
    ...spansCluster(mesh, pod, network),
  ]
  const file = bootstrap(pod, listeners, clusters, {
    ...statsConfig(mesh, pod, calls),
    ...spanBatches(mesh),
    ...admin(pod, network),
    ...overloadManager(mesh.sidecars, 1_000),
  })
  return titled(sidecarTitle(pod.workload, calls), from(['workloads', pod.workload], file))
}

/** All that the Envoy beside Prometheus is told. */
export function prometheusBootstrap(mesh: EnvoyMesh, addon: Addon, network: Network): unknown {
  const targets = envoyPods(mesh)
  const file = addonBootstrap(
    mesh,
    addon,
    network,
    [prometheusInboundListener(mesh, addon, network), scrapeListener(mesh, addon, targets, network)],
    targets.map(target => metricsCluster(mesh, target, network, addon.pod)),
  )
  const title =
    "Prometheus's sidecar. What every pod has counted is read through it; the operator's questions come from the gateway."
  return titled(title, from(['metrics'], file))
}

/** All that the Envoy beside Zipkin is told. */
export function zipkinBootstrap(mesh: EnvoyMesh, addon: Addon, network: Network): unknown {
  const file = addonBootstrap(mesh, addon, network, [zipkinInboundListener(mesh, addon, network)], [])
  const title =
    "Zipkin's sidecar. Every pod that has a part in requests brings its spans here; the operator's questions come from the gateway."
  return titled(title, from(['tracing'], file))
}

/** What the Envoys beside add-ons have in common, and what of its own one has. */
function addonBootstrap(
  mesh: EnvoyMesh,
  { pod, port }: Addon,
  network: Network,
  listeners: unknown[],
  clusters: unknown[],
): unknown {
  const metrics = metricsListener(mesh, pod, network, false)
  const all = [
    loopbackCluster(application, port, pod, network, mesh.sidecars),
    ...clusters,
    ...metricsClusters(mesh, pod, network, false),
  ]
  return bootstrap(pod, [...listeners, ...metrics], all, {
    ...statsConfig(mesh, pod, []),
    ...admin(pod, network),
    ...overloadManager(mesh.sidecars, 1_000),
  })
}

function policyEngine({ authorization, sidecars }: EnvoyMesh, pod: PodName, network: Network): unknown[] {
  return authorization ? [opaCluster(pod, network, sidecars)] : []
}

function sidecarTitle(name: string, calls: string[]): string {
  const also = calls.length > 0 ? ', and so does whatever it asks of others' : ''
  const who = `${name}'s sidecar. Whatever reaches ${name} passes here first${also}; `
  return `${who}${name} itself listens for this sidecar only.`
}

function bootstrap(
  { workload, replica }: PodName,
  listeners: unknown[],
  clusters: unknown[],
  guards: object,
): unknown {
  return {
    node: flow({ id: `${workload}-${replica}`, cluster: workload }),
    static_resources: { listeners: spaced(listeners), clusters: apart(spaced(clusters)) },
    ...guards,
  }
}
