import { programNamed } from '@hardway/cli/program-named'
import { execa } from 'execa'
import { root } from './definition.ts'

/** How a program ended, and what it said on both streams. */
export interface Ended {
  exitCode: number | undefined
  output: string
}

/** Brings a tool of the native toolchain; gives what runs it in the project's folder. */
export async function tool(name: string): Promise<(...args: string[]) => Promise<Ended>> {
  const voice = { say: () => {}, progress: () => {}, show: () => {} }
  const program = await programNamed(name, voice, new AbortController().signal)
  return async (...args) => {
    const { exitCode, all } = await execa(program, args, {
      cwd: root,
      all: true,
      reject: false,
      stdin: 'ignore',
    })
    return { exitCode, output: all }
  }
}
