import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Voice } from '../platform.ts'
import { programs } from './programs.ts'
import type { Client, Tool } from './tool.ts'
import type { Toolchain } from './toolchain.ts'

/** A toolchain for one test, with a shell as the client that brings things. */
export interface ToolSandbox {
  toolchain: Toolchain
  /** What was said while somebody waited. */
  told: string[]
  /**
   * Adds a tool with a manifest.
   * @param script  what brings it: a shell script whose first argument is the folder
   */
  add(name: string, script?: string, client?: Client): Tool
  /** Puts a program that prints a version on the PATH. */
  putOnPath(name: string, version: string): string
  /** Finds or brings tools. */
  programs(tools: Tool[], signal?: AbortSignal): Promise<Map<string, string>>
  /** What is in the cache. */
  cached(): string[]
}

export const shell: Client = {
  title: 'A shell',
  file: 'sh',
  environment: { BROUGHT: '2.0.0' },
  check: ['-c', 'true'],
  cure: 'Install it (apt install dash)',
}

/** Writes a program that prints the version which the client's environment says. */
export const brings = `mkdir -p "$1/bin" && printf '#!/bin/sh\\necho version: %s\\n' "$BROUGHT" >"$1/bin/it" && chmod +x "$1/bin/it"`

export function toolSandbox(): ToolSandbox {
  const folder = mkdtempSync(join(tmpdir(), 'hardway-tools-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const toolchain: Toolchain = {
    tools: [],
    manifests: join(folder, 'toolchain'),
    cache: join(folder, 'cache'),
    path: join(folder, 'bin'),
  }
  const told: string[] = []
  const voice: Voice = { say: () => {}, progress: line => told.push(line), show: () => {} }
  return {
    toolchain,
    told,
    add: (name, script = brings, client = shell) => {
      write(join(toolchain.manifests, name, 'manifest'), `${name} 2.0.0`)
      const tool: Tool = {
        name,
        title: name,
        version: '2.0.0',
        size: '1 MB',
        versionOf: { args: ['--version'], pattern: /version: (.*)/ },
        client,
        install: target => ['-c', script, 'sh', target],
        program: 'bin/it',
      }
      toolchain.tools.push(tool)
      return tool
    },
    putOnPath: (name, version) => {
      const file = join(toolchain.path, name)
      write(file, `#!/bin/sh\necho version: ${version}\n`)
      chmodSync(file, 0o755)
      return file
    },
    programs: (tools, signal = new AbortController().signal) => programs(toolchain, tools, voice, signal),
    cached: () => {
      try {
        return readdirSync(toolchain.cache)
      } catch {
        return []
      }
    },
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
