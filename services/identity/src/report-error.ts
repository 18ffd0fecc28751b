import { CommanderError } from 'commander'
import { oneLine } from './error.ts'

/** The names of the errors whose message says all that there is to say. */
const known = ['IdentityServiceError', 'IdentityError', 'SettingError']

/**
 * Shows an error: one of a known kind in one line, one that nobody foresaw with its stack.
 * @returns the exit code: 2 if the command was mistyped
 */
export function reportError(command = 'serve', error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has shown it
  const isKnown = error instanceof Error && (known.includes(error.name) || 'syscall' in error)
  const text = isKnown ? oneLine(error) : error instanceof Error ? error.stack : String(error)
  console.error(`identity ${command}: ${text}`)
  return 1
}
