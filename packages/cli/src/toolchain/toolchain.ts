import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { root } from '../root.ts'
import { envoy } from './envoy.ts'
import { fortio } from './fortio.ts'
import { opa } from './opa.ts'
import { prometheus, promtool } from './prometheus.ts'
import type { Tool } from './tool.ts'
import { zipkin } from './zipkin.ts'

/** Where tools are looked for, and where they are kept. */
export interface Toolchain {
  tools: Tool[]
  /** The folder that has a folder with a manifest for each tool. */
  manifests: string
  /** Where tools are kept, for every copy of the project. */
  cache: string
  /** The folders where a shell looks for programs, as in PATH. */
  path: string
}

/** The toolchain of this copy of the project. The cache is the launcher's. */
export function thisToolchain({ XDG_CACHE_HOME, HOME, PATH = '' } = process.env): Toolchain {
  const cache = XDG_CACHE_HOME || join(HOME || join(root, '.mesh'), '.cache')
  return {
    tools: [envoy, opa, prometheus, promtool, zipkin, fortio],
    manifests: join(root, 'deploy/toolchain'),
    cache: join(cache, 'mesh-the-hard-way'),
    path: PATH,
  }
}

/** @throws CliError `unknown_name` */
export function toolNamed({ tools }: Toolchain, name: string): Tool {
  const found = tools.find(tool => tool.name === name)
  if (found) return found
  const known = tools.map(tool => tool.name).join(', ')
  throw new CliError('unknown_name', `There is no tool "${name}". There are: ${known}.`)
}
