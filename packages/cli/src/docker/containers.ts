import { docker, dockerCommand } from './client.ts'
import type { Docker } from './docker.ts'

/** A container that Compose made for one of a chapter's services. */
export interface Container {
  id: string
  name: string
  /** The name of its service in the compose file: `add`, `add-envoy`, `add-pod`, `token`. */
  service: string
  /** The chapter's slug. */
  chapter: string
  running: boolean
  /** Whether its last health check went well; nothing if it has none. */
  healthy: boolean | undefined
  /** On this machine, if the engine runs here; 0 if it has ended. */
  pid: number
  exitCode: number
  /** ISO 8601. */
  startedAt: string
}

/** The part that we read of what `docker inspect` prints. */
interface Inspected {
  Id: string
  Name: string
  Config: { Labels: Record<string, string> }
  State: {
    Running: boolean
    Pid: number
    ExitCode: number
    StartedAt: string
    Health?: { Log: { ExitCode: number }[] | null }
  }
}

const label = 'com.docker.compose'

/** All containers of this copy of the project, dead or alive; none if no engine answers. */
export async function containers(platform: Docker): Promise<Container[]> {
  const filters = [`${label}.project=${platform.project}`, `${label}.oneoff=False`]
  const list = [
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    ...filters.flatMap(value => ['--filter', `label=${value}`]),
  ]
  const { failed, stdout } = await docker(platform, dockerCommand(list))
  if (failed || stdout === '') return []
  // One that is removed meanwhile is left out, and makes the command fail.
  const inspected = await docker(platform, dockerCommand(['inspect', ...stdout.split('\n')]))
  return (JSON.parse(inspected.stdout || '[]') as Inspected[]).map(containerOf)
}

function containerOf({ Id, Name, Config, State }: Inspected): Container {
  const [, chapter = ''] =
    /deploy\/([^/]+)\/compose\.yaml/.exec(Config.Labels[`${label}.project.config_files`] ?? '') ?? []
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    service: Config.Labels[`${label}.service`] ?? '',
    chapter,
    running: State.Running,
    healthy: State.Health && State.Health.Log?.at(-1)?.ExitCode === 0,
    pid: State.Pid,
    exitCode: State.ExitCode,
    startedAt: State.StartedAt,
  }
}

/** The containers of a chapter's processes: not those that own a pod's network, and not what makes the token. */
export function processesOf(all: Container[]): Container[] {
  return all.filter(({ service }) => service !== 'token' && !service.endsWith('-pod'))
}
