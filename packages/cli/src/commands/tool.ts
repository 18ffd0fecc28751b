import { interruptible } from '../interrupt.ts'
import { programs } from '../toolchain/programs.ts'
import { thisToolchain, toolNamed } from '../toolchain/toolchain.ts'
import { terminal } from '../voice.ts'

/** The tool takes the place of this process: terminal, signals and exit status are its own. */
export async function tool(name: string, args: string[]) {
  const toolchain = thisToolchain()
  const wanted = toolNamed(toolchain, name)
  const found = await interruptible(signal => programs(toolchain, [wanted], terminal(), signal))
  process.execve!(found.get(name)!, [name, ...args], process.env)
}
