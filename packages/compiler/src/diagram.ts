import { hasEnvoys } from './envoy/envoy-mesh.ts'
import type { Mesh } from './mesh.ts'
import { ports } from './pod.ts'
import { podDiagram } from './pod-diagram.ts'
import { protocols } from './protocols.ts'

/** A drawing of who calls whom, as a Mermaid flowchart; where there are several processes in a pod, of the pods. */
export function diagram(mesh: Mesh): string {
  if (hasEnvoys(mesh)) return podDiagram(mesh)
  const workloads = Object.entries(mesh.monolith ? { monolith: mesh.monolith } : (mesh.workloads ?? {}))
  const called = new Set(workloads.flatMap(([, { calls = [] }]) => calls))
  const edge = (from: string, to: string) => {
    const { serves } = workloads.find(([name]) => name === to)![1]
    return `  ${from} -- "${protocols[serves]} :${ports[serves]}" --> ${to}`
  }
  const lines = workloads.flatMap(([name, { serves, calls = [] }]) => {
    const entry = serves === 'http' && !called.has(name) ? [edge('curl', name)] : []
    const edges = [...entry, ...calls.map(upstream => edge(name, upstream))]
    return edges.length > 0 || called.has(name) ? edges : [`  ${name}`]
  })
  return ['flowchart LR', '  curl([curl])', ...lines].join('\n')
}
