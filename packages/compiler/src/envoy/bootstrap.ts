import { apart, flow, from, spaced, titled } from '../annotated.ts'
import { gatewayPod, type Network, type PodName } from '../pod.ts'
import { admin } from './admin.ts'
import { applicationCluster, opaCluster, podCluster } from './cluster.ts'
import type { EnvoyMesh } from './envoy-mesh.ts'
import { gatewayListener, inboundListener, outboundListener } from './listener.ts'
import { overloadManager } from './overload-manager.ts'

/** All that the gateway's Envoy is told. */
export function gatewayBootstrap(mesh: EnvoyMesh, pods: Map<string, PodName[]>, network: Network): unknown {
  const { calls } = mesh.gateway
  const clusters = [
    ...calls.map(name => podCluster(mesh, name, pods.get(name)!, network, gatewayPod)),
    ...policyEngine(mesh, gatewayPod, network),
  ]
  const title =
    'The gateway: the one door from outside. Nothing that a stranger sends is trusted: it is checked, measured and ' +
    `cleaned here, and then goes to ${calls.join(' or ')}'s sidecar.`
  const file = bootstrap(gatewayPod, [gatewayListener(mesh, network)], clusters, {
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
  ]
  const clusters = [
    applicationCluster(workload, pod, network, mesh.sidecars),
    ...calls.map(name => podCluster(mesh, name, pods.get(name)!, network, pod)),
    ...policyEngine(mesh, pod, network),
  ]
  const file = bootstrap(pod, listeners, clusters, {
    ...admin(pod, network),
    ...overloadManager(mesh.sidecars, 1_000),
  })
  return titled(sidecarTitle(pod.workload, calls), from(['workloads', pod.workload], file))
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
