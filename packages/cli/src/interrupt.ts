import { constants } from 'node:os'
import { CliError } from './cli-error.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that a signal ends in good order, rather than in the middle of a line.
 * @param work  takes the signal to watch; what it throws after an abort is shown to nobody
 * @throws CliError `interrupted`, with the exit code that a shell expects: 128 and the signal's number
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const interrupt = (name: NodeJS.Signals) =>
    controller.abort(new CliError('interrupted', `Interrupted by ${name}.`, 128 + constants.signals[name]))
  for (const name of signals) process.on(name, interrupt)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of signals) process.off(name, interrupt)
  }
}
