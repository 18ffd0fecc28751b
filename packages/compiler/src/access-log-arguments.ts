import { milliseconds } from './lifetime.ts'
import type { Mesh } from './mesh.ts'

/** What an Envoy is told on its command line about its access log. Left to itself it keeps a line for up to ten seconds. */
export function accessLogArguments({ logs }: Mesh): string[] {
  if (!logs) return []
  return ['--file-flush-interval-msec', `${milliseconds(logs.flush)}`]
}
