import { join, relative } from 'node:path'
import type { Chapter, Mesh, Network, Pod } from '@hardway/compiler'
// Not from the package's front door: to load all of it takes longer than most commands take to run.
import { meshOf } from '@hardway/compiler/chapter'
import { pods } from '@hardway/compiler/pod'
import { CliError } from '../cli-error.ts'
import type { Platform, Voice } from '../platform.ts'
import { root } from '../root.ts'
import { type Toolchain, thisToolchain } from '../toolchain/toolchain.ts'
import { down } from './down.ts'
import { kill } from './kill.ts'
import { logs } from './logs.ts'
import { loopback } from './network.ts'
import { status } from './status.ts'
import { staticToken, tokenFile } from './token.ts'
import { up } from './up.ts'

export { loopback }

/** Everything that two native platforms on one machine differ in; the tests run theirs beside the reader's. */
export interface Native {
  /** The folder with services/, where every process runs. */
  root: string
  /** Holds state.json, token, envoy/ and log/; absolute. */
  stateDir: string
  network: Network
  toolchain: Toolchain
  limits: Limits
  voice: Voice
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
  const limits = { ready: 30_000, stop: 12_000, progress: 2_000 }
  const network = loopback('127.0.0.1', '127.0')
  return { root, stateDir: join(root, '.mesh/native'), network, toolchain: thisToolchain(), limits, voice }
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
    host: native.network.dial,
    up: (chapter, mesh, options) =>
      up(native, chapter, meshOf(mesh, chapter), podsOf(chapter, mesh), options),
    down: signal => down(native, signal),
    kill: (name, signal) => kill(native, name, signal),
    status: () => status(native),
    logs: options => logs(native, options),
    token: async () => staticToken(native.stateDir),
    call: async request => (await import('../grpc-call.ts')).grpcCall(request),
    admin: async request => (await import('./admin.ts')).admin(native, request),
  }

  function podsOf(chapter: Chapter, mesh: Mesh): Pod[] {
    return pods(meshOf(mesh, chapter), native.network, relative(native.root, tokenFile(native.stateDir)))
  }
}
