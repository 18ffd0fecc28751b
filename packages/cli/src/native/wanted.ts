import { join, relative } from 'node:path'
import type { Mesh, Pod, Process } from '@hardway/compiler'
import { programs } from '../toolchain/programs.ts'
import { toolNamed } from '../toolchain/toolchain.ts'
import { type Command, envoyCommand, serviceCommand } from './command.ts'
import { envoyConfig } from './config-files.ts'
import type { Native } from './native.ts'
import { stopOrder } from './stop-order.ts'

/** A process that belongs to the chapter. */
export interface Wanted {
  name: string
  pod: string
  process: Process
  /** See stop-order.ts. */
  stopOrder: number
  command: Command
}

/**
 * The processes of a chapter, and what runs each. The tools that they need are brought first, if they are missing.
 * @param configs  the files that they read at their start, by path
 * @throws CliError `missing_client`, `tool_failed`
 */
export async function wantedOf(
  native: Native,
  mesh: Mesh,
  pods: Pod[],
  configs: Map<string, string>,
  signal: AbortSignal,
): Promise<Wanted[]> {
  const processes = pods.flatMap(pod => pod.processes.map(process => ({ pod: pod.name, process })))
  const paths = await programsOf(
    native,
    processes.map(({ process }) => process),
    signal,
  )
  const order = stopOrder(mesh, pods)
  return processes.map(({ pod, process }) => {
    const { name } = process
    return { name, pod, process, stopOrder: order.get(name)!, command: commandOf(process) }
  })

  function commandOf(process: Process): Command {
    switch (process.program) {
      case 'node':
        return serviceCommand(process.service, process.environment)
      case 'envoy':
        return envoyCommand(
          paths.get(process.program)!,
          relative(native.root, join(native.stateDir, envoyConfig(process.config))),
          configs.get(envoyConfig(process.config))!,
        )
    }
  }
}

/** The path of each tool that a process needs. */
function programsOf(
  { toolchain, voice }: Native,
  processes: Process[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const names = new Set(processes.map(({ program }) => program).filter(program => program !== 'node'))
  const tools = [...names].map(name => toolNamed(toolchain, name))
  return programs(toolchain, tools, voice, signal)
}
