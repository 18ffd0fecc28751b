import { type Addon, addons, prometheus, zipkin } from './addon.ts'
import type { EnvoyMesh } from './envoy/envoy-mesh.ts'
import type { Workload } from './mesh.ts'
import { gatewayPod, ports } from './pod.ts'
import { protocols } from './protocols.ts'

/** A drawing of the pods, each with its Envoy, its OPA if it has one, and its application, and of the calls, which go from Envoy to Envoy. */
export function podDiagram(mesh: EnvoyMesh): string {
  const { workloads, gateway, identity, jwt, authorization, logs } = mesh
  const between = identity ? `mTLS :${ports.inbound}` : `:${ports.inbound}`
  const names = Object.keys(workloads)
  const calls = Object.entries(workloads).flatMap(([name, { calls = [] }]) =>
    calls.map(upstream => edge(envoy(name), between, envoy(upstream))),
  )
  return [
    'flowchart LR',
    '  curl([curl])',
    ...pod('gateway', [`${envoy('gateway')}[Envoy]`, ...decider('gateway')]),
    ...names.flatMap(name => workloadPod(name, workloads[name]!, decider(name))),
    edge('curl', jwt ? `HTTP :${ports.http}, a token` : `HTTP :${ports.http}`, envoy('gateway')),
    ...gateway.calls.map(name => edge(envoy('gateway'), between, envoy(name))),
    ...calls,
    ...addons(mesh).flatMap(addon => addonPod(addon, between)),
    ...(mesh.metrics ? [gatewayPod.name, ...names].map(numbers) : []),
    ...(mesh.tracing ? [gatewayPod.name, ...names].map(spans) : []),
    ...(identity
      ? given(['gateway', ...names, ...addons(mesh).map(({ pod }) => pod.name)], jwt ? 'SVID, keys' : 'SVID')
      : []),
    ...(logs ? written(['gateway', ...names]) : []),
  ].join('\n')

  /** The OPA of a pod, and that its Envoy asks it. */
  function decider(name: string): string[] {
    const opa = `${name}-opa`
    return authorization ? [`${opa}[OPA]`, edge(envoy(name), `may it? :${ports.opa}`, opa)] : []
  }
}

/** @param decider  the lines of its OPA, if it has one */
function workloadPod(
  name: string,
  { serves, calls = [], replicas = 1 }: Workload,
  decider: string[],
): string[] {
  const title = replicas === 1 ? name : `${name}, ${replicas} copies`
  const outbound = calls.length > 0 ? [edge(name, `:${ports.outbound}`, envoy(name))] : []
  return pod(
    title,
    [
      `${envoy(name)}[Envoy]`,
      name,
      edge(envoy(name), `${protocols[serves]} :${ports[serves]}`, name),
      ...decider,
      ...outbound,
    ],
    name,
  )
}

/** @param lines  what is in it */
function pod(title: string, lines: string[], name = title): string[] {
  return [`  subgraph ${name}-pod ["${title}"]`, ...lines.map(line => `    ${line.trim()}`), '  end']
}

/** An add-on, and how the operator reaches it. */
function addonPod({ pod: { name }, port }: Addon, between: string): string[] {
  return [
    ...pod(name, [
      `${envoy(name)}[Envoy]`,
      `${name}[${capital(name)}]`,
      edge(envoy(name), `HTTP :${port}`, name),
    ]),
    `  operator([operator])`,
    edge('operator', `HTTP :${port}`, envoy(gatewayPod.name)),
    edge(envoy(gatewayPod.name), between, envoy(name)),
  ]
}

/** Prometheus asks a pod for its numbers. */
function numbers(name: string): string {
  return `  ${envoy(prometheus.pod.name)} -. "mTLS :${ports.metrics}" .-> ${envoy(name)}`
}

/** A pod brings its spans to Zipkin. */
function spans(name: string): string {
  return `  ${envoy(name)} -. "spans" .-> ${envoy(zipkin.pod.name)}`
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1)
}

/** What the identity service writes into the pods; it is called by nobody. */
function given(pods: string[], what: string): string[] {
  return ['  identity[identity]', ...pods.map(name => `  identity -. "${what}" .-> ${envoy(name)}`)]
}

/** What every process of a pod writes. */
function written(pods: string[]): string[] {
  return ['  logs[(logs)]', ...pods.map(name => `  ${name}-pod -. "a line for each request" .-> logs`)]
}

function edge(from: string, what: string, to: string): string {
  return `  ${from} -- "${what}" --> ${to}`
}

function envoy(name: string): string {
  return `${name}-envoy`
}
