import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Chapter, chapter, type Mesh, type PodName } from '@hardway/compiler'
import { onTestFinished } from 'vitest'
import type { Platform } from '../platform.ts'
import { thisToolchain } from '../toolchain/toolchain.ts'
import { type Native, nativePlatform } from './native.ts'
import { findMarked } from './state.ts'

/** A native platform for one test: its own project, its own loopback addresses, and nothing left when the test ends. */
export interface Sandbox {
  native: Native
  platform: Platform
  /** Its workloads are the programs. */
  mesh: Mesh
  /** What was said, in order. */
  said: string[]
  up(options?: { without?: string; signal?: AbortSignal; chapter?: Chapter }): Promise<void>
  /** The pids of what runs, by name; looked up in /proc, whatever the state file says. */
  running(): Record<string, number>
}

const answer = `
import { createServer } from 'node:http'
const [host, port] = process.env.HEALTH_ADDRESS.split(':')
let ready = true
createServer((_, response) => response.writeHead(ready ? 200 : 503).end()).listen(port, host, () => console.log('listening'))
`

/** What a process of a test does. */
export const programs = {
  steady: `${answer}`,
  stubborn: `${answer} process.on('SIGTERM', () => console.log('never'))`,
  draining: `${answer} process.on('SIGTERM', () => { ready = false; setTimeout(() => process.exit(), 500) })`,
  mute: `setInterval(() => {}, 1000); console.log('waiting for nothing')`,
  dying: `for (let line = 1; line <= 30; line++) console.error('line', line); process.exitCode = 7`,
}

let count = 0

/**
 * Makes a sandbox.
 * @param workloads  what each process does
 */
export function sandbox(workloads: Record<string, keyof typeof programs>): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'hardway-sandbox-'))
  for (const [name, program] of Object.entries(workloads)) {
    const folder = join(root, 'services', name, 'src')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'main.ts'), programs[program])
  }

  count++
  // Test files run side by side, and so may two copies of the project.
  const net = `127.${(process.pid % 100) + 100}.${(Math.trunc(process.pid / 100) + count) % 256}`
  const host = ({ number, replica }: PodName) => `${net}.${10 * number + replica}`
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const native: Native = {
    root,
    stateDir: join(root, '.mesh/native'),
    hosts: { published: `${net}.1`, listen: host, loopback: host, dial: host, dialCopy: host },
    policies: join(root, 'opa'),
    toolchain: thisToolchain(),
    limits: { ready: 20_000, stop: 5_000, progress: 60_000 },
    voice: { say, progress: say, show: say },
  }
  const platform = nativePlatform(native)
  const names = Object.keys(workloads)
  const mesh: Mesh = { workloads: Object.fromEntries(names.map(name => [name, { serves: 'grpc' }])) }
  if (workloads.monolith) mesh.monolith = { serves: 'http' }

  const running = () =>
    Object.fromEntries(
      names.flatMap(name => {
        const id = findMarked(native.stateDir, name)
        return id ? [[name, id.pid]] : []
      }),
    )
  onTestFinished(async () => {
    for (const pid of Object.values(running())) process.kill(pid, 'SIGKILL')
    rmSync(root, { recursive: true })
  })
  return {
    native,
    platform,
    mesh,
    said,
    up: ({ without, signal = new AbortController().signal, chapter: wanted = chapter('02') } = {}) =>
      platform.up(wanted, mesh, { without, signal }),
    running,
  }
}
