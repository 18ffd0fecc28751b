import { styleText } from 'node:util'
import type { Voice } from './platform.ts'

/** Speaks in the terminal: results on standard output, what is only for who waits on standard error. */
export function terminal({ verbose = false } = {}): Voice {
  return {
    say: line => console.log(line),
    progress: line => console.error(styleText('dim', line, { stream: process.stderr })),
    show: command => verbose && console.log(styleText('dim', `  ${command}`)),
  }
}
