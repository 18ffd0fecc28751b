import { addons, prometheus, zipkin } from './addon.ts'
import { milliseconds } from './lifetime.ts'
import type { Logs, Mesh, Workload } from './mesh.ts'
import { bytes } from './size.ts'

/** `host:port`. */
export type Address = `${string}:${number}`

/** Where a platform puts pods: each method gives a host, without a port. */
export interface Hosts {
  /** The one address that people's requests come to. */
  published: string
  /** Where a process of a pod listens to be reached from other pods. */
  listen(pod: PodName): string
  /** Where it listens to be reached from inside its pod only. */
  loopback(pod: PodName): string
  /** How another pod reaches it; all copies of a workload may have one name. */
  dial(pod: PodName): string
  /** How another pod reaches this very copy. */
  dialCopy(pod: PodName): string
}

export interface Network extends Hosts {
  /** Where the files of a pod lie, as its Envoy names it: empty, or with a / at its end. */
  folder(pod: PodName): string
}

/** Where a platform keeps the files that applications read, as they are told it. */
export interface Files {
  /** The static token of chapters 01 to 04. */
  token: string
  /** Whom the identity service gives an identity; see registration.ts. */
  registration: string
  /** The folder of the identity service, which nobody else reads. */
  authority: string
  /** The folder for a pod's SVID; `{pod}` stands for the pod's name. */
  svid: string
}

/** A pod among all pods. */
export interface PodName {
  /** Its workload's name; from the second copy on with the copy's number: `add`, `add-2`. */
  name: string
  workload: string
  /** The workload's place in their order: `gateway` is 1, the first workload 2. */
  number: number
  /** Which copy of the workload it is, from 1. */
  replica: number
}

/** One network namespace and the processes that share it. */
export interface Pod extends PodName {
  processes: Process[]
}

/** A process as every platform understands it. */
export type Process = NodeProcess | EnvoyProcess | OpaProcess | PrometheusProcess | ZipkinProcess

interface Runs {
  name: string
  /** What it listens on; a platform checks that these are free before it starts anything. */
  listens: Address[]
  /** A GET here answers 200 as soon as the process can serve. */
  ready: `http://${string}`
  /** The others start when it is ready: they read at their start what it makes. */
  startsFirst?: true
}

export interface NodeProcess extends Runs {
  program: 'node'
  /** The folder under services/ whose `src/main.ts` is run. */
  service: string
  environment: Record<string, string>
}

export interface EnvoyProcess extends Runs {
  program: 'envoy'
  /** The name of its file among those that `envoyConfigs` gives. */
  config: string
}

export interface OpaProcess extends Runs {
  program: 'opa'
  /** The address of its own HTTP interface. */
  api: Address
}

export interface PrometheusProcess extends Runs {
  program: 'prometheus'
  /** Where it answers questions. */
  api: Address
}

export interface ZipkinProcess extends Runs {
  program: 'zipkin'
  /** Where it takes spans, and answers questions. */
  api: Address
}

/** Inside every pod the same. */
export const ports = {
  http: 8080,
  grpc: 50051,
  health: 8081,
  inbound: 15006,
  outbound: 15001,
  admin: 15000,
  metrics: 15020,
  opa: 9191,
  opaApi: 8181,
}

/** The gateway's pod, in every mesh that has one. */
export const gatewayPod: PodName = { name: 'gateway', workload: 'gateway', number: 1, replica: 1 }

/** The pod of the identity service, which calls nobody and is called by nobody. */
export const identityPod: PodName = { name: 'identity', workload: 'identity', number: 254, replica: 1 }

/** The pods that people's requests pass: the gateway, and every workload's. */
export function callPods(mesh: Mesh): PodName[] {
  return [gatewayPod, ...[...podNames(mesh).values()].flat()]
}

/** The pods that have an Envoy: each is given an SVID. */
export function envoyPods(mesh: Mesh): PodName[] {
  return [...callPods(mesh), ...addons(mesh).map(({ pod }) => pod)]
}

/** The pods of each workload, in the order of mesh.yaml. */
export function podNames({ workloads = {}, sidecars }: Mesh): Map<string, PodName[]> {
  const entries = Object.entries(workloads).map(([workload, { replicas = 1 }], index) => {
    const copies = sidecars ? replicas : 1 // without sidecars nobody spreads requests over several
    const names = Array.from({ length: copies }, (_, copy) => podName(workload, index + 2, copy + 1))
    return [workload, names] as const
  })
  return new Map(entries)
}

function podName(workload: string, number: number, replica: number): PodName {
  return { name: replica === 1 ? workload : `${workload}-${replica}`, workload, number, replica }
}

/** The pods of a mesh, in the order of their numbers, with settings that fit the network. */
export function pods(mesh: Mesh, network: Network, files: Files): Pod[] {
  if (mesh.monolith) return [pod(podName('monolith', 2, 1), mesh.monolith)]
  const names = podNames(mesh)
  const workloads = [...names].flatMap(([workload, copies]) =>
    copies.map(copy => pod(copy, mesh.workloads![workload]!)),
  )
  return [
    ...(mesh.gateway ? [{ ...gatewayPod, processes: [gateway(), ...policyEngine(gatewayPod)] }] : []),
    ...workloads,
    ...(mesh.metrics ? [prometheusPod()] : []),
    ...(mesh.tracing ? [zipkinPod()] : []),
    ...(mesh.identity ? [{ ...identityPod, processes: [identity()] }] : []),
  ]

  function pod(podName: PodName, workload: Workload): Pod {
    const processes = [
      application(podName, workload),
      ...(mesh.sidecars ? [sidecar(podName, workload)] : []),
      ...policyEngine(podName),
    ]
    return { ...podName, processes }
  }

  function application(podName: PodName, { serves, calls = [] }: Workload): NodeProcess {
    const loopback = network.loopback(podName)
    const open = serves === 'http' ? network.published : network.listen(podName)
    const address: Address = `${mesh.sidecars ? loopback : open}:${ports[serves]}`
    const health: Address = `${loopback}:${ports.health}`
    const upstreams = calls.map(upstream => [
      variable(upstream, 'ADDRESS'),
      upstreamAddress(podName, upstream),
    ])
    return {
      name: podName.name,
      program: 'node',
      service: podName.workload,
      environment: {
        [`${serves.toUpperCase()}_ADDRESS`]: address,
        HEALTH_ADDRESS: health,
        ...(serves === 'http' && !mesh.jwt ? { TOKEN_FILE: files.token } : {}),
        ...(mesh.logs ? logSettings(mesh.logs) : {}),
        ...(mesh.metrics ? { METRICS: 'true' } : {}),
        ...(mesh.tracing ? { ZIPKIN_ADDRESS: `${loopback}:${zipkin.port}` } : {}),
        ...Object.fromEntries(upstreams),
      },
      listens: [address, health],
      ready: `http://${health}/readyz`,
    }
  }

  function identity(): NodeProcess {
    const health: Address = `${network.loopback(identityPod)}:${ports.health}`
    return {
      name: identityPod.name,
      program: 'node',
      service: 'identity',
      environment: {
        IDENTITY_CONFIG: files.registration,
        IDENTITY_FOLDER: files.authority,
        SVID_FOLDER: files.svid,
        HEALTH_ADDRESS: health,
      },
      listens: [health],
      ready: `http://${health}/readyz`,
      startsFirst: true,
    }
  }

  /** Where an application calls another: at its own sidecar, if it has one. */
  function upstreamAddress(caller: PodName, upstream: string): Address {
    if (mesh.sidecars) return `${network.loopback(caller)}:${ports.outbound}`
    return `${network.dial(names.get(upstream)![0]!)}:${ports[mesh.workloads![upstream]!.serves]}`
  }

  function sidecar(podName: PodName, { calls = [] }: Workload): EnvoyProcess {
    const outbound: Address[] = calls.length > 0 ? [`${network.loopback(podName)}:${ports.outbound}`] : []
    const inbound: Address = `${network.listen(podName)}:${ports.inbound}`
    const spans: Address[] = mesh.tracing ? [`${network.loopback(podName)}:${zipkin.port}`] : []
    return envoy(`${podName.name}-envoy`, podName, [inbound, ...outbound, ...spans])
  }

  function gateway(): EnvoyProcess {
    const doors = addons(mesh).map(({ port }): Address => `${network.published}:${port}`)
    return envoy('gateway', gatewayPod, [`${network.published}:${ports.http}`, ...doors])
  }

  function prometheusPod(): Pod {
    const { pod, port } = prometheus
    const api: Address = `${network.loopback(pod)}:${port}`
    const inbound: Address = `${network.listen(pod)}:${ports.inbound}`
    const outbound: Address = `${network.loopback(pod)}:${ports.outbound}`
    return {
      ...pod,
      processes: [
        { name: pod.name, program: 'prometheus', api, listens: [api], ready: `http://${api}/-/ready` },
        envoy(`${pod.name}-envoy`, pod, [inbound, outbound]),
      ],
    }
  }

  function zipkinPod(): Pod {
    const { pod, port } = zipkin
    const api: Address = `${network.loopback(pod)}:${port}`
    const inbound: Address = `${network.listen(pod)}:${ports.inbound}`
    return {
      ...pod,
      processes: [
        { name: pod.name, program: 'zipkin', api, listens: [api], ready: `http://${api}/health` },
        envoy(`${pod.name}-envoy`, pod, [inbound]),
      ],
    }
  }

  function policyEngine(podName: PodName): OpaProcess[] {
    if (!mesh.authorization) return []
    const host = network.loopback(podName)
    const api: Address = `${host}:${ports.opaApi}`
    return [
      {
        name: `${podName.name}-opa`,
        program: 'opa',
        api,
        listens: [`${host}:${ports.opa}`, api],
        ready: `http://${api}/health?plugins`,
      },
    ]
  }

  function envoy(name: string, podName: PodName, listens: Address[]): EnvoyProcess {
    const admin: Address = `${network.loopback(podName)}:${ports.admin}`
    const metrics: Address[] = mesh.metrics ? [`${network.listen(podName)}:${ports.metrics}`] : []
    return {
      name,
      program: 'envoy',
      config: `${podName.name}.yaml`,
      listens: [...listens, ...metrics, admin],
      ready: `http://${admin}/ready`,
    }
  }
}

function logSettings({ flush, buffer }: Logs): Record<string, string> {
  return { LOG_FLUSH: `${milliseconds(flush)}`, LOG_BUFFER: `${bytes(buffer)}` }
}

function variable(workload: string, suffix: string): string {
  return `${workload.toUpperCase().replaceAll('-', '_')}_${suffix}`
}
