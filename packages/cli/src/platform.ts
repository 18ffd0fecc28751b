import type { OperationName, Svid } from '@hardway/api'
import type { Addon, Address, Chapter, Mesh, Pod, PodName } from '@hardway/compiler'
import { CliError } from './cli-error.ts'
import type { Command } from './native/command.ts'

export const platformNames = ['docker', 'native'] as const
export type PlatformName = (typeof platformNames)[number]

/** How a platform speaks while it works. */
export interface Voice {
  /** What it did. */
  say(line: string): void
  /** What it is still waiting for. */
  progress(line: string): void
  /** A command that it runs, as it can be typed. */
  show(command: string): void
}

export interface UpOptions {
  /** A process to leave out, for the reader to start by hand. */
  without?: string | undefined
  /** When it is aborted, everything that this `up` started is stopped, and the signal's reason is thrown. */
  signal: AbortSignal
}

export interface LogOptions {
  /** One process only. */
  workload?: string | undefined
  /** Wait for more, until the signal. */
  follow?: boolean | undefined
  signal: AbortSignal
}

/** A line that a process wrote. */
export interface LogLine {
  process: string
  text: string
}

/** A call of a service over gRPC, as any program could make it. */
export interface CallRequest {
  service: OperationName
  a: string
  b: string
  /** `host:port`, as it is reached from where the platform calls. */
  address: string
  /** In milliseconds. */
  timeout: number
  /** What the caller shows, if it speaks TLS; else it speaks plain text. */
  svid?: Svid
  /** A person's token. */
  token?: string | undefined
}

/** A request to the admin of an Envoy. */
export interface AdminRequest {
  /** The Envoy's process. */
  name: string
  /** As it is reached inside the pod. */
  url: string
  method: string
}

export interface AdminAnswer {
  status: number
  text: string
}

/** What runs, and how it does. */
export interface Status {
  /** The chapter's slug. */
  chapter: string
  processes: ProcessStatus[]
}

export interface ProcessStatus {
  name: string
  pod: string
  state: 'ready' | 'not ready' | 'dead'
  pid: number | null
  addresses: string[]
  /** ISO 8601. */
  startedAt: string
}

/** What runs the pods of a chapter. */
export interface Platform {
  name: PlatformName
  /** The pods of a chapter, with the addresses that they have here. */
  pods(chapter: Chapter, mesh: Mesh): Pod[]
  /** What a chapter listens on that must be free on this machine. */
  addresses(chapter: Chapter, mesh: Mesh): Address[]
  /** How a pod is reached from other pods, without a port. */
  host(pod: PodName): string
  /** Where the operator finds an add-on on this machine. */
  door(addon: Addon): Address
  /** Returns when every process is ready. What runs already stays untouched; another chapter is stopped first. */
  up(chapter: Chapter, mesh: Mesh, options: UpOptions): Promise<void>
  /** Stops everything of this copy of the project. */
  down(signal: AbortSignal): Promise<void>
  /** Sends a signal to one process; returns from SIGKILL when it is dead. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>
  /** What runs; nothing if nothing was started. */
  status(): Promise<Status | undefined>
  /** The lines that the processes wrote, one by one. */
  logs(options: LogOptions): AsyncIterable<LogLine>
  /** The static token of chapters 01 to 04. */
  token(): Promise<string>
  /** Calls a service from where pods are reached, past the calculator; gives the result. */
  call(request: CallRequest): Promise<string>
  /** What runs the program of the identity service with other arguments, on the keys of this platform. */
  identity(chapter: Chapter, mesh: Mesh, args: string[]): Promise<Command>
  /** Asks an Envoy's admin, from inside its pod. */
  admin(request: AdminRequest): Promise<AdminAnswer>
}

/**
 * The platform to use: what the caller asked for, by argument or in MESH_PLATFORM; else the one where something runs;
 * else docker if an engine answers, and native if none does.
 * @throws CliError `no_docker`, `unknown_name`
 */
export async function choosePlatform(name: PlatformName | undefined, voice: Voice): Promise<Platform> {
  const wanted = name ?? platformOfEnvironment()
  if (wanted) return platformNamed(wanted, voice)
  const [running] = await runningPlatforms(voice)
  if (running) return running
  const { engineAnswers } = await import('./docker/engine.ts')
  return platform((await engineAnswers()) ? 'docker' : 'native', voice)
}

/** The platforms where something of this copy of the project runs. */
export async function runningPlatforms(voice: Voice): Promise<Platform[]> {
  const [native, docker] = await Promise.all([
    isRunningNatively(voice),
    import('./docker/docker.ts').then(({ isRunning, thisCopy }) => isRunning(thisCopy(voice))),
  ])
  const names: PlatformName[] = [
    ...(native ? ['native' as const] : []),
    ...(docker ? ['docker' as const] : []),
  ]
  return Promise.all(names.map(name => platform(name, voice)))
}

async function isRunningNatively(voice: Voice): Promise<boolean> {
  const { readState } = await import('./native/state.ts')
  const { thisCopy } = await import('./native/native.ts')
  return readState(thisCopy(voice).stateDir) !== undefined
}

async function platformNamed(name: PlatformName, voice: Voice): Promise<Platform> {
  if (name === 'docker') await (await import('./docker/engine.ts')).requireEngine()
  return platform(name, voice)
}

async function platform(name: PlatformName, voice: Voice): Promise<Platform> {
  if (name === 'docker') {
    const { dockerPlatform, thisCopy } = await import('./docker/docker.ts')
    return dockerPlatform(thisCopy(voice))
  }
  const { nativePlatform, thisCopy } = await import('./native/native.ts')
  return nativePlatform(thisCopy(voice))
}

function platformOfEnvironment(): PlatformName | undefined {
  const { MESH_PLATFORM: name } = process.env
  if (!name) return undefined
  const known = platformNames.find(known => known === name)
  if (known) return known
  throw new CliError('unknown_name', `MESH_PLATFORM is "${name}". There are: ${platformNames.join(', ')}.`)
}
