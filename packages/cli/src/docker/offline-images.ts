import { join } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { programs } from '../toolchain/programs.ts'
import type { Tool } from '../toolchain/tool.ts'
import { thisToolchain, toolNamed } from '../toolchain/toolchain.ts'
import type { Docker } from './docker.ts'
import { servicesTag } from './services-tag.ts'

const script = 'deploy/images/offline/build'

/**
 * Builds the images that are missing from Debian's packages and the programs of the native platform; nothing is asked of
 * an image registry. One that is there is never replaced.
 * @throws CliError `missing_client`, `tool_failed`
 */
export async function buildOffline({ root, voice }: Docker, signal: AbortSignal): Promise<void> {
  const tools = ['envoy', 'opa', 'prometheus', 'promtool', 'zipkin'].map(name =>
    toolNamed(thisToolchain(), name),
  )
  const [envoy, opa, prometheus, promtool, zipkin] = tools as [Tool, Tool, Tool, Tool, Tool]
  const paths = await programs(thisToolchain(), tools, voice, signal)
  const services = [servicesTag(root), 'dev'].map(tag => `hardway/services:${tag}`)
  const args = [
    ...[`envoyproxy/envoy:v${envoy.version}`, paths.get(envoy.name)!],
    ...[`openpolicyagent/opa:${opa.version}-envoy-static`, paths.get(opa.name)!],
    ...[`prom/prometheus:v${prometheus.version}`, paths.get(prometheus.name)!, paths.get(promtool.name)!],
    ...[`openzipkin/zipkin:${zipkin.version}`, paths.get(zipkin.name)!],
    ...services,
  ]
  voice.show([script, ...args].join(' '))
  const { failed, exitCode } = await execa(join(root, script), args, {
    cwd: root,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (failed) throw new CliError('tool_failed', `${script} ended with exit code ${exitCode}.`)
}
