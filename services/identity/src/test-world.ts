import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Bundle,
  type ParsedBundle,
  parseBundle,
  parseTrustDomain,
  renderSpiffeId,
  verifyX509Svid,
} from '@hardway/identity'
import { parse } from 'yaml'
import { loadAuthorities, loadOrMakeAuthorities } from './authority/store.ts'
import { readRegistration } from './registration/read.ts'
import { createKeeper } from './serve/keeper.ts'
import { type PodFiles, readPodFiles } from './svid/pod-folder.ts'

export const trustDomain = parseTrustDomain('hardway.test')
export const audience = 'spiffe://hardway.test/calculator'
export const pods = ['gateway', 'add', 'add-2']

export const registrationText = `trust_domain: hardway.test
x509: { authority_ttl: 24h, svid_ttl: 1h }
jwt: { authority_ttl: 24h, svid_ttl: 5m, audience: ${audience} }
jwt_authn: jwt-authn.yaml
svids:
- { pod: gateway, id: spiffe://hardway.test/gateway }
- { pod: add, id: spiffe://hardway.test/add }
- { pod: add-2, id: spiffe://hardway.test/add }
`

export const jwtAuthnText = `# Who is the person?
resources:
- "@type": type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig
  name: jwt_authn
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
    providers:
      hardway: # one for each trust domain
        audiences: [${audience}]
        local_jwks: { inline_string: '{"keys":[]}' } # the keys come here
`

/** A folder with a registration in it, and nothing else yet. */
export function testFolder(registration = registrationText) {
  const root = mkdtempSync(join(tmpdir(), 'identity-'))
  const config = join(root, 'registration.yaml')
  writeFileSync(config, registration)
  writeFileSync(join(root, 'jwt-authn.yaml'), jwtAuthnText)
  return {
    root,
    config,
    stateFolder: join(root, 'state'),
    svidFolder: (pod: string) => join(root, 'svid', pod),
  }
}

/** A trust domain whose time stands still until a test moves it. */
export function testWorld(registration?: string) {
  const { root, config, stateFolder, svidFolder } = testFolder(registration)
  const registered = readRegistration(config)
  const logged: string[] = []
  let now = new Date('2026-01-01T00:00:00Z')
  loadOrMakeAuthorities(stateFolder, registered, now)
  mkdirSync(join(root, 'svid'))
  const open = () =>
    createKeeper({
      registration: registered,
      stateFolder,
      svidFolder,
      log: line => logged.push(line),
      clock: () => now,
    })
  let keeper = open()
  return {
    root,
    stateFolder,
    svidFolder,
    registration: registered,
    logged,
    now: () => now,
    tick: () => keeper.tick(),
    /** Moves the time, and looks once then. */
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000)
      return keeper.tick()
    },
    rotate: (rotate: 'svid' | 'x509' | 'jwt', step?: 'publish' | 'activate' | 'retire') =>
      keeper.rotate({ rotate, ...(step && { step }) }),
    restart: () => {
      keeper = open()
    },
    authorities: () => loadAuthorities(stateFolder, trustDomain),
    files: (pod: string): PodFiles => {
      const files = readPodFiles(svidFolder(pod))
      if (!files) throw new Error(`${pod} has no files`)
      return files
    },
  }
}

/** What a peer that has these files trusts: the roots of bundle.pem and the keys of jwt-authn.yaml. */
export function bundleIn({ bundle, jwtAuthn = 'resources: []' }: PodFiles): Bundle {
  const text = bundleDocument(bundle, jwtAuthn)
  const known = bundles.get(text) ?? parseBundle(trustDomain, text)
  bundles.set(text, known)
  if (known.findings.length > 0) throw new Error(known.findings[0]!.problem)
  return known.bundle
}

const bundles = new Map<string, ParsedBundle>()

function bundleDocument(roots: string, jwtAuthn: string): string {
  const [resource] = parse(jwtAuthn).resources
  const jwks = resource?.typed_config.providers.hardway.local_jwks.inline_string ?? '{"keys":[]}'
  return JSON.stringify({
    keys: [
      ...(roots.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(root => {
        const { publicKey, raw } = new X509Certificate(root)
        return { ...publicKey.export({ format: 'jwk' }), use: 'x509-svid', x5c: [raw.toString('base64')] }
      }),
      ...JSON.parse(jwks).keys.map((key: object) => ({ ...key, use: 'jwt-svid' })),
    ],
  })
}

/** Who somebody with these files takes the holder of an SVID for. */
export function seenBy(peer: PodFiles, { svid }: PodFiles, now: Date): string {
  return renderSpiffeId(verifyX509Svid(svid, { bundles: [bundleIn(peer)], now }).id)
}
