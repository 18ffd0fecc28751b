import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Native, nativePlatform } from '@hardway/cli/native'
import { chapter, type Network } from '@hardway/compiler'
import { mesh, root } from './definition.ts'

/** A chapter that runs beside whatever the reader runs: its own loopback addresses, its own state. */
export interface RunningChapter {
  /** The address of the HTTP API, `http://127.…:8080`. */
  url: string
  token: string
  /** Where a workload listens for gRPC. */
  address(workload: string): string
  /** The process ids by name. */
  pids(): Promise<Record<string, number>>
  /** Sends a signal to one process. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>
  /** Starts what is missing, as `./mesh up` does. */
  up(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a chapter on the native platform and waits until it is ready.
 * @param name  its number or slug
 * @param net   the second number of its loopback addresses, so that several run side by side
 */
export async function startChapter(name: string, net: number): Promise<RunningChapter> {
  const stateDir = mkdtempSync(join(tmpdir(), 'mesh-test-'))
  const network: Network = {
    published: `127.${net}.1.1`,
    listen: ({ number }) => `127.${net}.${number}.1`,
    dial: ({ number }) => `127.${net}.${number}.1`,
  }
  const silent = () => {}
  const native: Native = {
    root,
    stateDir,
    network,
    limits: { ready: 30_000, stop: 12_000, progress: 60_000 },
    voice: { say: silent, progress: silent, show: silent },
  }
  const platform = nativePlatform(native)
  const { signal } = new AbortController()
  const up = () => platform.up(chapter(name), mesh, { signal })
  const pids = async () => {
    const { processes = [] } = (await platform.status()) ?? {}
    return Object.fromEntries(processes.map(process => [process.name, process.pid ?? 0]))
  }
  await up()
  const pods = await platform.pods(chapter(name), mesh)
  return {
    url: `http://${network.published}:8080`,
    token: platform.token(),
    address: workload => pods.find(pod => pod.name === workload)!.processes[0]!.environment.GRPC_ADDRESS!,
    pids,
    kill: async (process, signalName) => {
      const { [process]: pid } = await pids()
      if (!pid) throw new Error(`${process} does not run`)
      globalThis.process.kill(pid, signalName)
    },
    up,
    stop: async () => {
      await platform.down(signal)
      rmSync(stateDir, { recursive: true })
    },
  }
}
