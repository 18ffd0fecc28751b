import type { Mesh, Pod, Process } from '@hardway/compiler'
import { zipkin } from '@hardway/compiler/addon'

/**
 * In which order processes are stopped so that no request in flight is lost: whoever calls before whoever is called,
 * an application before its sidecar, through which it still calls others (Kubernetes does the same), and an Envoy before
 * the OPA that it asks. Prometheus, which asks everybody, is the first of all; Zipkin, which everybody tells, the last.
 * @returns a number for each process by its name; the lowest is stopped first, equal ones together
 */
export function stopOrder(mesh: Mesh, pods: Pod[]): Map<string, number> {
  const callsOf = new Map(
    Object.entries({ ...mesh.workloads, gateway: mesh.gateway }).map(([name, caller]) => [
      name,
      caller?.calls ?? [],
    ]),
  )
  const depths = new Map<string, number>()
  const depth = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    const callers = [...callsOf].filter(([, calls]) => calls.includes(name))
    const found = Math.max(0, ...callers.map(([caller]) => depth(caller) + 1))
    depths.set(name, found)
    return found
  }
  const deepest = Math.max(...pods.map(({ workload }) => depth(workload)))
  const depthOf = (workload: string) => (workload === zipkin.pod.workload ? deepest + 1 : depth(workload))
  return new Map(
    pods.flatMap(({ workload, processes }) =>
      processes.map(
        process =>
          [process.name, places.length * depthOf(workload) + places.indexOf(process.program)] as const,
      ),
    ),
  )
}

/** Inside a pod. */
const places: Process['program'][] = ['prometheus', 'node', 'envoy', 'opa', 'zipkin']
