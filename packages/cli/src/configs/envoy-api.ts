import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type EnvoyApi, envoyApi } from '@hardway/compiler/envoy-api'

/** Everything that Envoy can be told. It takes a fifth of a second: only who writes files for people to keep needs it. */
export async function readEnvoyApi(): Promise<EnvoyApi> {
  const file = fileURLToPath(import.meta.resolve('@hardway/compiler/envoy-api.binpb.gz'))
  return envoyApi(await promisify(gunzip)(await readFile(file)))
}
