import { join, relative } from 'node:path'
import type { Mesh, Pod, Process } from '@hardway/compiler'
import { accessLogArguments } from '@hardway/compiler/access-log-arguments'
import { programs } from '../toolchain/programs.ts'
import { toolNamed } from '../toolchain/toolchain.ts'
import {
  type Command,
  envoyCommand,
  opaCommand,
  prometheusCommand,
  serviceCommand,
  zipkinCommand,
} from './command.ts'
import {
  envoyConfig,
  opaConfigFile,
  opaDataFile,
  prometheusConfigFile,
  prometheusData,
} from './config-files.ts'
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
 * @param chapter  its slug
 * @param configs  the files that they read at their start, by path
 * @throws CliError `missing_client`, `tool_failed`
 */
export async function wantedOf(
  native: Native,
  chapter: string,
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
    return { name, pod, process, stopOrder: order.get(name)!, command: commandOf(pod, process) }
  })

  function commandOf(pod: string, process: Process): Command {
    switch (process.program) {
      case 'node':
        return serviceCommand(process.service, process.environment)
      case 'envoy':
        return envoyCommand(
          paths.get(process.program)!,
          inState(envoyConfig(process.config)),
          configs.get(envoyConfig(process.config))!,
          accessLogArguments(mesh),
        )
      case 'opa':
        return opaCommand(
          paths.get(process.program)!,
          process,
          inState(opaConfigFile(pod)),
          configs.get(opaConfigFile(pod))!,
          relative(native.root, join(native.policies, chapter)),
          inState(opaDataFile),
          mesh,
        )
      case 'prometheus':
        return prometheusCommand(
          paths.get(process.program)!,
          process,
          mesh.metrics!,
          inState(prometheusConfigFile),
          configs.get(prometheusConfigFile)!,
          inState(prometheusData),
        )
      case 'zipkin':
        return zipkinCommand(paths.get(process.program)!, process, mesh.tracing!)
    }
  }

  /** The path of a file below the folder of our state. */
  function inState(file: string): string {
    return relative(native.root, join(native.stateDir, file))
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
