import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loopback, type Native, nativePlatform, thisCopy } from '@hardway/cli/native'
import { chapter, type Mesh, meshOf } from '@hardway/compiler'
import { execa } from 'execa'
import { mesh as definition, root } from './definition.ts'

/** A chapter that runs beside whatever the reader runs: its own loopback addresses, its own state. */
export interface RunningChapter {
  /** The address of the HTTP API, `http://127.…:8080`. */
  url: string
  /** Alice's; in chapters 01 to 04 everybody's. */
  token: string
  /** Runs the program of the identity service by hand; gives what it printed. It throws if that fails. */
  identity(...args: string[]): Promise<string>
  /** The folder in which a pod's SVID is. */
  svidFolder(pod: string): string
  /** The folder of the identity service. */
  authority: string
  /** What a process wrote since the chapter was started. */
  log(name: string): string
  /** What runs it, as the commands of ./mesh have it. */
  platform: ReturnType<typeof nativePlatform>
  /** Where a pod is, without a port; `add-2` is the second copy of add. */
  host(pod: string): string
  /** What was said, in order. */
  said: string[]
  /** The process ids by name. */
  pids(): Promise<Record<string, number>>
  /** Sends a signal to one process. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>
  /** Starts what is missing, as `./mesh up` does; with another mesh, what differs is started again. */
  up(mesh?: Mesh): Promise<void>
  /** Stops everything, as `./mesh down` does. */
  down(): Promise<void>
  /** The same, and forgets it. */
  stop(): Promise<void>
}

export interface Options {
  /** The mesh, if not that of mesh.yaml. */
  mesh?: Mesh
  /** A process to leave out. */
  without?: string
  /** Has a folder with the policies of each chapter, if not this project's own. */
  policies?: string
  /** Changes what the Envoys are told, by file name. */
  configure?: Native['configure']
}

/**
 * Starts a chapter on the native platform and waits until it is ready.
 * @param name  its number or slug
 * @param net   the second number of its loopback addresses, so that several run side by side
 */
export async function startChapter(
  name: string,
  net: number,
  { mesh = definition, without, policies = join(root, 'opa'), configure }: Options = {},
): Promise<RunningChapter> {
  const said: string[] = []
  const native: Native = {
    ...thisCopy({ say: line => said.push(line), progress: () => {}, show: () => {} }),
    stateDir: mkdtempSync(join(tmpdir(), 'mesh-test-')),
    hosts: loopback(`127.${net}.1.1`, `127.${net}`),
    policies,
    ...(configure ? { configure } : {}),
  }
  const platform = nativePlatform(native)
  const { signal } = new AbortController()
  const up = (wanted = mesh) => platform.up(chapter(name), wanted, { without, signal })
  const down = () => platform.down(signal)
  const pids = async () => {
    const { processes = [] } = (await platform.status()) ?? {}
    return Object.fromEntries(processes.map(process => [process.name, process.pid ?? 0]))
  }
  await up()
  const pods = platform.pods(chapter(name), mesh)
  const identity = async (...args: string[]) => {
    const command = await platform.identity(chapter(name), mesh, args)
    return (await execa(command.file, command.args, { cwd: root, env: command.environment, stdin: 'ignore' }))
      .stdout
  }
  // One that cannot be asked is not left running.
  const token = await (meshOf(mesh, chapter(name)).jwt ? identity('token', 'alice') : platform.token()).catch(
    async error => {
      await down()
      throw error
    },
  )
  return {
    url: `http://${native.hosts.published}:8080`,
    token,
    identity,
    svidFolder: pod => join(native.stateDir, 'pods', pod, 'svid'),
    authority: join(native.stateDir, 'identity'),
    platform,
    log: name => readFileSync(join(native.stateDir, 'log', `${name}.log`), 'utf8'),
    host: pod => native.hosts.dial(pods.find(({ name }) => name === pod)!),
    said,
    pids,
    kill: async (process, signalName) => {
      const { [process]: pid } = await pids()
      if (!pid) throw new Error(`${process} does not run`)
      globalThis.process.kill(pid, signalName)
    },
    up,
    down,
    stop: async () => {
      await down()
      rmSync(native.stateDir, { recursive: true })
    },
  }
}
