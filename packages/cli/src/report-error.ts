import { styleText } from 'node:util'
import { CommanderError } from 'commander'
import { CliError } from './cli-error.ts'

/** The names of the errors whose message says all that there is to say. */
const known = ['CliError', 'MeshError']

/**
 * Shows an error: one of a known kind in its own words, one that nobody foresaw with its stack.
 * @returns the exit code: 2 if the command was mistyped
 */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has shown it
  const isKnown = error instanceof Error && known.includes(error.name)
  const text = isKnown
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  console.error(styleText('red', text, { stream: process.stderr }))
  return error instanceof CliError ? error.exitCode : 1
}
