import { join, relative } from 'node:path'
import type { Chapter, Hosts, Mesh, Network, Pod } from '@hardway/compiler'
// Not from the package's front door: to load all of it takes longer than most commands take to run.
import { meshOf } from '@hardway/compiler/chapter'
import { pods } from '@hardway/compiler/pod'
import { CliError } from '../cli-error.ts'
import type { Platform, Voice } from '../platform.ts'
import { root } from '../root.ts'
import { type Toolchain, thisToolchain } from '../toolchain/toolchain.ts'
import { filesOf, podFolder } from './config-files.ts'
import { down } from './down.ts'
import { kill } from './kill.ts'
import { logs } from './logs.ts'
import { loopback } from './network.ts'
import { status } from './status.ts'
import { staticToken } from './token.ts'
import { up } from './up.ts'

export { loopback }

/** Everything that two native platforms on one machine differ in; the tests run theirs beside the reader's. */
export interface Native {
  /** The folder with services/, where every process runs. */
  root: string
  /** Holds state.json, token, identity/, pods/ and log/; absolute. */
  stateDir: string
  hosts: Hosts
  /** Has a folder with the policies of each chapter; absolute. */
  policies: string
  toolchain: Toolchain
  limits: Limits
  voice: Voice
  /** Changes what the Envoys are told, by file name. */
  configure?(configs: Map<string, string>): Promise<Map<string, string>>
}

/** In milliseconds. */
export interface Limits {
  /** How long the processes of a chapter may take to be ready, all together. */
  ready: number
  /** How long a process may take to end after SIGTERM, before it is killed: the services' own 10 s, and some. */
  stop: number
  /** After how long, and how often, somebody who waits is told what for. */
  progress: number
}

/** The native platform of this copy of the project. */
export function thisCopy(voice: Voice): Native {
  const limits = { ready: 60_000, stop: 12_000, progress: 2_000 }
  const hosts = loopback('127.0.0.1', '127.0')
  return {
    root,
    stateDir: join(root, '.mesh/native'),
    hosts,
    policies: join(root, 'opa'),
    toolchain: thisToolchain(),
    limits,
    voice,
  }
}

/** Where pods are, and their files. */
export function networkOf({ root, stateDir, hosts }: Native): Network {
  return { ...hosts, folder: ({ name }) => `${relative(root, podFolder(stateDir, name))}/` }
}

/** Runs pods as processes of this machine, without any container. */
export function nativePlatform(native: Native): Platform {
  if (process.platform !== 'linux') {
    throw new CliError('needs_linux', 'The native platform needs Linux (all of 127.0.0.0/8, and /proc).')
  }
  return {
    name: 'native',
    pods: podsOf,
    addresses: (chapter, mesh) =>
      podsOf(chapter, mesh).flatMap(({ processes }) => processes.flatMap(({ listens }) => listens)),
    host: native.hosts.dial,
    door: ({ port }) => `${native.hosts.published}:${port}`,
    up: (chapter, mesh, options) =>
      up(native, chapter, meshOf(mesh, chapter), podsOf(chapter, mesh), options),
    down: signal => down(native, signal),
    kill: (name, signal) => kill(native, name, signal),
    status: () => status(native),
    logs: options => logs(native, options),
    token: async () => staticToken(native.stateDir),
    call: async request => (await import('../grpc-call.ts')).grpcCall(request),
    identity: async (chapter, mesh, args) =>
      (await import('./identity.ts')).identityCommand(
        native,
        chapter.slug,
        meshOf(mesh, chapter),
        podsOf(chapter, mesh),
        args,
      ),
    admin: async request => (await import('./admin.ts')).admin(native, request),
  }

  function podsOf(chapter: Chapter, mesh: Mesh): Pod[] {
    return pods(meshOf(mesh, chapter), networkOf(native), filesOf(native))
  }
}
