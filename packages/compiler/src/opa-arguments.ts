import type { Mesh } from './mesh.ts'
import type { OpaProcess } from './pod.ts'

/**
 * What makes OPA serve.
 * @param config  the path of its settings
 * @param paths   of its policies and data: files, or folders whose tests are left out
 */
export function opaArguments({ api }: OpaProcess, config: string, paths: string[], { logs }: Mesh): string[] {
  return [
    ...['run', '--server', '--addr', api, '--authorization', 'basic', '--config-file', config],
    ...['--watch', '--skip-version-check', '--ignore', '*_test.rego'],
    ...(logs ? ['--log-level', 'error'] : []), // of what it does besides; decisions it writes at any level
    ...paths,
  ]
}

/**
 * Its heap is small and lives long: to collect garbage less often costs some megabytes, and a sixth of its time less. It has one
 * thread for policies, as the Envoy that asks it has one: more of them would look for work at each other's.
 */
export const opaEnvironment = { GOGC: '400', GOMAXPROCS: '1' }
