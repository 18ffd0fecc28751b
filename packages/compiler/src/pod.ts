import type { Mesh, Workload } from './mesh.ts'

/** `host:port`. */
export type Address = `${string}:${number}`

/** Where a platform puts pods: each method gives a host, without a port. */
export interface Network {
  /** The one address that people's requests come to. */
  published: string
  /** Where a process of a pod listens to be reached from other pods. */
  listen(pod: PodName): string
  /** How another pod reaches it. */
  dial(pod: PodName): string
}

/** A pod's name and its place in the order of pods; `gateway` is 1, the first workload 2. */
export interface PodName {
  name: string
  number: number
}

/** One network namespace and the processes that share it. */
export interface Pod extends PodName {
  processes: Process[]
}

/** A process as every platform understands it. */
export interface Process {
  name: string
  /** The folder under services/ whose `src/main.ts` is run. */
  service: string
  environment: Record<string, string>
  /** What it listens on; a platform checks that these are free before it starts anything. */
  listens: Address[]
  /** A GET here answers 200 as soon as the process can serve. */
  ready: `http://${string}`
}

/** Inside every pod the same. */
export const ports = { http: 8080, grpc: 50051, health: 8081 }

/** The pods of a mesh, in the order of their numbers, with settings that fit the network. */
export function pods(mesh: Mesh, network: Network, tokenFile: string): Pod[] {
  if (mesh.monolith) return [pod({ name: 'monolith', number: 2 }, mesh.monolith, {})]
  const workloads = Object.entries(mesh.workloads ?? {})
  const numbers = new Map(workloads.map(([name], index) => [name, index + 2]))
  return workloads.map(([name, workload]) => {
    const upstreams = (workload.calls ?? []).map(upstream => [
      `${upstream.toUpperCase()}_ADDRESS`,
      `${network.dial({ name: upstream, number: numbers.get(upstream)! })}:${ports.grpc}`,
    ])
    return pod({ name, number: numbers.get(name)! }, workload, Object.fromEntries(upstreams))
  })

  function pod(podName: PodName, { serves }: Workload, upstreams: Record<string, string>): Pod {
    const host = serves === 'http' ? network.published : network.listen(podName)
    const application: Address = `${host}:${ports[serves]}`
    const health: Address = `${network.listen(podName)}:${ports.health}`
    const process: Process = {
      name: podName.name,
      service: podName.name,
      environment: {
        [`${serves.toUpperCase()}_ADDRESS`]: application,
        HEALTH_ADDRESS: health,
        ...(serves === 'http' ? { TOKEN_FILE: tokenFile } : {}),
        ...upstreams,
      },
      listens: [application, health],
      ready: `http://${health}/readyz`,
    }
    return { ...podName, processes: [process] }
  }
}
