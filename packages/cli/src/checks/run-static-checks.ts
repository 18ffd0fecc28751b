import { styleText } from 'node:util'
import { execa } from 'execa'
import { toolOptions } from '../tool.ts'
import type { Outcome } from './outcome.ts'

/** What is checked without running anything of ours; each is one command. */
const checks = [
  { name: 'types', command: ['tsc'] },
  { name: 'style', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'unused code', command: ['knip'] },
  { name: 'generated files', command: [process.execPath, 'packages/cli/src/main.ts', 'configs', '--check'] },
]

export async function runStaticChecks(signal: AbortSignal): Promise<Outcome> {
  const failures: string[] = []
  for (const { name, command } of checks) {
    process.stdout.write(`${name} … `)
    const [file = '', ...args] = command
    const { failed, all, shortMessage, durationMs } = await execa(file, args, {
      ...toolOptions,
      all: true,
      reject: false,
      cancelSignal: signal,
    })
    signal.throwIfAborted()
    const time = `(${(durationMs / 1000).toFixed(1)} s)`
    console.log(failed ? styleText('red', `failed ${time}`) : styleText('green', `passed ${time}`))
    if (!failed) continue
    console.log(`${all}\n${shortMessage}`)
    failures.push(`${name}: ${command.join(' ')}`)
  }
  return { passed: checks.length - failures.length, failures, skipped: 0 }
}
