import { CliError } from '../cli-error.ts'
import type { AdminAnswer, AdminRequest } from '../platform.ts'
import type { Native } from './native.ts'

/** How long an Envoy may take to answer, in milliseconds. */
const patience = 5_000

/**
 * Asks the admin of an Envoy, on its pod's loopback address.
 * @throws CliError `call_failed` if nobody answers
 */
export async function admin({ voice }: Native, { name, url, method }: AdminRequest): Promise<AdminAnswer> {
  voice.show(`curl -X ${method} '${url}'`)
  try {
    const answer = await fetch(url, { method, signal: AbortSignal.timeout(patience) })
    return { status: answer.status, text: await answer.text() }
  } catch {
    throw new CliError('call_failed', `${name} does not answer at ${url}. See how it does: ./mesh status`)
  }
}
