import type { Voice } from '../platform.ts'
import { programs } from './programs.ts'
import { thisToolchain, toolNamed } from './toolchain.ts'

/**
 * The program of one tool of this copy of the project, which is brought if it is missing.
 * @throws CliError `unknown_name`, `missing_client`, `tool_failed`
 */
export async function programNamed(name: string, voice: Voice, signal: AbortSignal): Promise<string> {
  const toolchain = thisToolchain()
  return (await programs(toolchain, [toolNamed(toolchain, name)], voice, signal)).get(name)!
}
