import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { envoy } from '../toolchain/envoy.ts'
import { fortio } from '../toolchain/fortio.ts'
import type { Processors } from './processors.ts'

/** Where it was measured; a number without this says nothing. */
export interface Machine {
  processor: string
  processors: number
  /** Whether the load and what was measured had but one core together. */
  shareCore: boolean
  /** Whether it is a machine of its own, or a part of one. */
  virtual: boolean
  /** GiB. */
  memory: number
  kernel: string
  node: string
  envoy: string
  fortio: string
}

export function thisMachine({ shareCore }: Processors): Machine {
  const info = readFileSync('/proc/cpuinfo', 'utf8')
  return {
    processor: cpus()[0]?.model.trim() || process.arch,
    processors: cpus().length,
    shareCore,
    virtual: /^flags\s*:.*\bhypervisor\b/m.test(info),
    memory: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    envoy: envoy.version,
    fortio: fortio.version,
  }
}

/** In a line. */
export function describe({ processor, processors, virtual, shareCore, memory, kernel }: Machine): string {
  const kind = virtual ? 'a virtual machine' : 'a machine'
  const cores = `${processors} processors (${processor})`
  const shared = shareCore ? '; the load shared a core with what was measured' : ''
  return `${kind} with ${cores} and ${memory} GiB, Linux ${kernel}${shared}`
}
