import { interruptible } from '../interrupt.ts'
import { programNamed } from '../toolchain/program-named.ts'
import { thisToolchain, toolNamed } from '../toolchain/toolchain.ts'
import { terminal } from '../voice.ts'

/** The tool takes the place of this process: terminal, signals and exit status are its own. */
export async function tool(name: string, args: string[]) {
  const program = await interruptible(signal => programNamed(name, terminal(), signal))
  const { runtime } = toolNamed(thisToolchain(), name)
  if (runtime) process.execve!('/usr/bin/env', ['env', runtime.file, '-jar', program, ...args], process.env)
  process.execve!(program, [name, ...args], process.env)
}
