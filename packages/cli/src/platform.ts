import type { Chapter, Mesh, Pod } from '@hardway/compiler'
import { CliError } from './cli-error.ts'

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
  /** Returns when every process is ready. What runs already stays untouched; another chapter is stopped first. */
  up(chapter: Chapter, mesh: Mesh, options: UpOptions): Promise<void>
  /** Stops everything of this copy of the project. */
  down(signal: AbortSignal): Promise<void>
  /** Sends a signal to one process; returns from SIGKILL when it is dead. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>
  /** What runs; nothing if nothing was started. */
  status(): Promise<Status | undefined>
  /** The lines that the processes wrote, one by one. */
  logs(options: LogOptions): AsyncIterable<string>
  /** The static token of chapters 01 to 04; made if there is none yet. */
  token(): string
}

/**
 * The platform to use.
 * @param name  what the caller asked for, if anything
 * @throws CliError `no_docker_yet`
 */
export async function choosePlatform(name: PlatformName | undefined, voice: Voice): Promise<Platform> {
  if (name === 'docker') {
    throw new CliError('no_docker_yet', 'The docker platform is not built yet. Use --platform native.')
  }
  const { nativePlatform, thisCopy } = await import('./native/native.ts')
  return nativePlatform(thisCopy(voice))
}
