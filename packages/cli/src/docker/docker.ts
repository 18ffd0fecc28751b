import { createHash } from 'node:crypto'
import type { Address, Chapter, Mesh, Network, Pod } from '@hardway/compiler'
// Not from the package's front door: to load all of it takes longer than most commands take to run.
import { addons, allAddons } from '@hardway/compiler/addon'
import { meshOf } from '@hardway/compiler/chapter'
import { pods } from '@hardway/compiler/pod'
import type { Platform, Voice } from '../platform.ts'
import { root } from '../root.ts'
import { containers } from './containers.ts'
import { doorVariable } from './door-variable.ts'
import { down } from './down.ts'
import { kill } from './kill.ts'
import { logs } from './logs.ts'
import { status } from './status.ts'
import { token } from './token.ts'

/** Everything that two docker platforms on one engine differ in; the tests run theirs beside the reader's. */
export interface Docker {
  /** The project's folder: deploy/, envoy/ and what the services' image is made of. */
  root: string
  /** Compose's word for all that it starts together: containers, a network, the token's volume. */
  project: string
  /** Where people's requests come to, on this machine. */
  published: Address
  /** Where the operator finds each add-on, on this machine; by the add-on's name. */
  doors: Record<string, Address>
  voice: Voice
}

/** The docker platform of this copy of the project; another copy has another name. */
export function thisCopy(voice: Voice): Docker {
  const published = (process.env.MESH_PUBLISHED || '127.0.0.1:8080') as Address
  return { root, project: projectOf(root), published, doors: doorsOfEnvironment(), voice }
}

/** The settings that compose files have for the same. */
function doorsOfEnvironment(): Record<string, Address> {
  return Object.fromEntries(
    allAddons.map(addon => [
      addon.pod.name,
      (process.env[doorVariable(addon.pod.name)] || `127.0.0.1:${addon.port}`) as Address,
    ]),
  )
}

function projectOf(folder: string): string {
  return `hardway-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`
}

/** What a chapter opens on this machine. */
export function publishedBy({ published, doors }: Docker, mesh: Mesh): Address[] {
  return [published, ...addons(mesh).map(({ pod }) => doors[pod.name]!)]
}

/** Whether anything was started here; false if no engine answers. */
export async function isRunning(docker: Docker): Promise<boolean> {
  return (await containers(docker)).length > 0
}

/** Runs pods as containers that share a network, by Docker Compose. */
export function dockerPlatform(docker: Docker): Platform {
  return {
    name: 'docker',
    pods: podsOf,
    addresses: (chapter, mesh) => publishedBy(docker, meshOf(mesh, chapter)),
    host: ({ workload }) => workload,
    door: ({ pod }) => docker.doors[pod.name]!,
    up: async (chapter, mesh, options) =>
      (await import('./up.ts')).up(docker, chapter, mesh, podsOf(chapter, mesh), options),
    down: signal => down(docker, signal),
    kill: (name, signal) => kill(docker, name, signal),
    status: () => status(docker, podsOf),
    logs: options => logs(docker, options),
    token: () => token(docker),
    call: async request => (await import('./call.ts')).call(docker, request),
    identity: async (chapter, _, args) =>
      (await import('./identity.ts')).identityCommand(docker, chapter, args),
    admin: async request => (await import('./admin.ts')).admin(docker, request),
  }

  function podsOf(chapter: Chapter, mesh: Mesh): Pod[] {
    return pods(meshOf(mesh, chapter), network, files)
  }
}

/** What a process listens on, as one speaks of it: by name what other pods reach, and 127.0.0.1 is the pod's own. */
const network: Network = {
  published: 'localhost',
  listen: ({ workload }) => workload,
  loopback: () => '127.0.0.1',
  dial: ({ workload }) => workload,
  dialCopy: ({ name }) => `${name}-pod`,
  folder: () => '',
}

/** No command speaks of them. */
const files = { token: '', registration: '', authority: '', svid: '' }
