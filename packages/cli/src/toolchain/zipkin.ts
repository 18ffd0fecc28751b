import { java } from './java.ts'
import { maven } from './maven.ts'
import type { Tool } from './tool.ts'

/** Zipkin with its web page: one jar with all that it needs in it. */
export const zipkin: Tool = {
  name: 'zipkin',
  title: 'Zipkin',
  version: '3.6.1',
  size: '135 MB',
  client: maven,
  install: folder => ['--batch-mode', '--quiet', `-Dfolder=${folder}`, 'package'],
  program: 'zipkin.jar',
  runtime: java,
}
