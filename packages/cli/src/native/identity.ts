import type { Mesh, Pod } from '@hardway/compiler'
import { type Command, serviceCommand } from './command.ts'
import { configsOf, writeConfigs } from './config-files.ts'
import type { Native } from './native.ts'
import { makeStateDir, readState } from './state.ts'

/**
 * Runs the program of the identity service. It needs no chapter to run, but its registration file.
 * @param chapter  its slug
 */
export async function identityCommand(
  native: Native,
  chapter: string,
  mesh: Mesh,
  pods: Pod[],
  args: string[],
): Promise<Command> {
  if (!readState(native.stateDir)) {
    makeStateDir(native.stateDir)
    writeConfigs(native, await configsOf(native, chapter, mesh, pods))
  }
  const [process] = pods.flatMap(({ processes }) => processes.filter(({ name }) => name === 'identity'))
  if (process?.program !== 'node') throw new Error('this mesh has no identity service')
  const command = serviceCommand(process.service, process.environment)
  return { ...command, args: [...command.args, ...args] }
}
