import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Docker, dockerPlatform } from '@hardway/cli/docker'
import { engineAnswers } from '@hardway/cli/docker-engine'
import {
  allAddons,
  chapter,
  composeFile,
  dockerNetwork,
  envoyConfigs,
  type Mesh,
  meshOf,
} from '@hardway/compiler'
import { execa } from 'execa'
import { mesh as definition } from '../harness/definition.ts'

export const root = resolve(import.meta.dirname, '../..')

/** Whether these tests can be run. In CI they must be. */
export const engine = await engineAnswers()
if (!engine && process.env.CI) throw new Error('CI needs a Docker engine with Compose 2, and none answers.')

/** A chapter in containers, beside whatever the reader runs: its own project of Compose, its own port. */
export interface DockerChapter {
  docker: Docker
  platform: ReturnType<typeof dockerPlatform>
  said: string[]
  up(signal?: AbortSignal): Promise<void>
  /** Alice's; in chapters 01 to 04 everybody's. */
  token(): Promise<string>
  /** Asks the calculator; gives status and body. */
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>
  /** Runs a command in a container, by the name of its service; gives what it printed. */
  exec(service: string, ...command: string[]): Promise<string>
  /** What `docker inspect` says of each container, by the name of its service. */
  inspect(): Promise<Record<string, Inspected>>
  /** Stops everything, and removes the token too. */
  stop(): Promise<void>
}

/** The part of it that the tests read. */
export interface Inspected {
  Id: string
  Config: { User: string; Labels: Record<string, string> }
  HostConfig: {
    ReadonlyRootfs: boolean
    CapDrop: string[] | null
    SecurityOpt: string[] | null
    Memory: number
    LogConfig: { Type: string; Config: Record<string, string> }
    RestartPolicy: { Name: string }
  }
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> }
  State: { Running: boolean; StartedAt: string }
}

let count = 0

/**
 * A chapter that is not started yet.
 * @param mesh  if not that of mesh.yaml; its files are written to a folder of their own
 */
export async function dockerChapter(name: string, mesh: Mesh = definition): Promise<DockerChapter> {
  const said: string[] = []
  const folder = mesh === definition ? root : copyWith(name, mesh)
  const docker: Docker = {
    root: folder,
    project: `hardway-test-${process.pid}-${++count}`,
    published: `127.0.0.1:${await freePort()}`,
    doors: await freeDoors(),
    voice: { say: line => said.push(line), progress: () => {}, show: line => said.push(line) },
  }
  const platform = dockerPlatform(docker)
  const inspect = () => inspectProject(docker.project)
  const noSignal = new AbortController().signal
  let token: string | undefined
  const tokenOf = async () => {
    if (!meshOf(mesh, chapter(name)).jwt) return platform.token()
    const { file, args } = await platform.identity(chapter(name), mesh, ['token', 'alice'])
    return (await execa(file, args, { cwd: folder, stdin: 'ignore' })).stdout
  }
  return {
    docker,
    platform,
    said,
    up: (signal = noSignal) => platform.up(chapter(name), mesh, { signal }),
    token: async () => (token ??= await tokenOf()),
    get: async path => {
      token ??= await tokenOf()
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`http://${docker.published}${path}`, { headers })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    exec: async (service, ...command) => {
      const { stdout } = await execa('docker', ['exec', `${docker.project}-${service}-1`, ...command])
      return stdout
    },
    inspect,
    stop: async () => {
      await platform.down(noSignal)
      const label = `label=com.docker.compose.project=${docker.project}`
      const { stdout: volumes } = await execa('docker', ['volume', 'ls', '--quiet', '--filter', label])
      if (volumes !== '') await execa('docker', ['volume', 'rm', ...volumes.split('\n')])
      if (folder !== root) rmSync(folder, { recursive: true })
    },
  }
}

export async function inspectProject(project: string): Promise<Record<string, Inspected>> {
  const label = `label=com.docker.compose.project=${project}`
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet', '--filter', label])
  if (stdout === '') return {}
  const inspected: Inspected[] = JSON.parse(
    (await execa('docker', ['inspect', ...stdout.split('\n')])).stdout,
  )
  return Object.fromEntries(
    inspected.map(container => [container.Config.Labels['com.docker.compose.service'], container]),
  )
}

/** What a test may change in its copy of the project. */
const copied = ['deploy', 'envoy', 'opa']

/** A copy of the project in which another mesh.yaml was written, and its files made anew. */
function copyWith(name: string, mesh: Mesh): string {
  const { slug } = chapter(name)
  const folder = mkdtempSync(join(tmpdir(), 'hardway-copy-'))
  for (const entry of readdirSync(root)) {
    if (![...copied, 'mesh.yaml', '.mesh'].includes(entry))
      symlinkSync(join(root, entry), join(folder, entry))
  }
  for (const entry of copied) cpSync(join(root, entry), join(folder, entry), { recursive: true })
  writeFileSync(join(folder, 'mesh.yaml'), JSON.stringify(mesh))
  writeFileSync(join(folder, 'deploy', slug, 'compose.yaml'), composeFile(chapter(slug), mesh))
  for (const [file, text] of envoyConfigs(meshOf(mesh, chapter(slug)), dockerNetwork)) {
    writeFileSync(join(folder, 'envoy', slug, file), text)
  }
  return folder
}

async function freeDoors(): Promise<Docker['doors']> {
  const doors: Docker['doors'] = {}
  for (const { pod } of allAddons) doors[pod.name] = `127.0.0.1:${await freePort()}`
  return doors
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
