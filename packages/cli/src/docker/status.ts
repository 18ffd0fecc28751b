import type { Chapter, Mesh, Pod } from '@hardway/compiler'
import { chapter } from '@hardway/compiler/chapter'
import { readDefinition } from '../definition.ts'
import type { ProcessStatus, Status } from '../platform.ts'
import { type Container, containers, processesOf } from './containers.ts'
import type { Docker } from './docker.ts'

/** How everything does that was started here. */
export async function status(
  docker: Docker,
  podsOf: (chapter: Chapter, mesh: Mesh) => Pod[],
): Promise<Status | undefined> {
  const all = await containers(docker)
  const [first] = all
  if (!first) return undefined
  const pods = podsOf(chapter(first.chapter), readDefinition(docker.root).mesh)
  const processes = processesOf(all)
  const known = pods.flatMap(pod =>
    pod.processes.flatMap(({ name, listens }) => {
      const container = processes.find(({ service }) => service === name)
      return container ? [statusOf(container, pod.name, listens)] : []
    }),
  )
  return { chapter: first.chapter, processes: known }
}

function statusOf(container: Container, pod: string, addresses: string[]): ProcessStatus {
  const { service: name, running, healthy, pid, startedAt } = container
  const state = !running ? 'dead' : healthy ? 'ready' : 'not ready'
  return { name, pod, state, pid: running ? pid : null, addresses, startedAt }
}
