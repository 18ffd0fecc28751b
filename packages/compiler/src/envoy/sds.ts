import { commented, titled } from '../annotated.ts'
import type { Mesh } from '../mesh.ts'
import { typedConfig } from './typed-config.ts'

/** The secrets by their names in a file of SDS, Envoy's secret discovery service. */
export const secrets = { svid: 'svid', bundle: 'bundle' }

/** Where a secret is found. An Envoy takes a secret from a file of its own, or it would not see it change. */
export function sdsConfig(name: string, folder: string): Record<string, unknown> {
  return {
    name,
    sds_config: { path_config_source: { path: `${folder}sds/${name}.yaml` }, resource_api_version: 'V3' },
  }
}

/**
 * The files that lie beside every Envoy, by their paths in its pod's folder.
 * @param folder  that folder, as an Envoy names it
 */
export function sdsFiles({ identity }: Mesh, folder: string): Map<string, unknown> {
  if (!identity) return new Map()
  const current = `${folder}svid/current`
  const watched_directory = commented(
    { path: `${folder}svid` },
    'the link "current" is swapped when there is a new SVID; certificate, key and bundle change together',
  )
  const svid = {
    name: secrets.svid,
    tls_certificate: {
      certificate_chain: { filename: `${current}/svid.pem` },
      private_key: { filename: `${current}/key.pem` },
      watched_directory,
    },
  }
  const bundle = {
    name: secrets.bundle,
    validation_context: { trusted_ca: { filename: `${current}/bundle.pem` }, watched_directory },
  }
  return new Map([
    ['sds/svid.yaml', secretFile('Who this pod is: its X509-SVID and the key to it.', svid)],
    [
      'sds/bundle.yaml',
      secretFile('Whom it believes: the signing certificates of the trust domain.', bundle),
    ],
  ])
}

function secretFile(title: string, secret: object): unknown {
  const type = 'envoy.extensions.transport_sockets.tls.v3.Secret'
  return titled(title, { resources: [typedConfig(type, secret)] })
}
