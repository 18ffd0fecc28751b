import { type CredentialState, credentialState } from '@hardway/identity'
import { type Kept, renewalOf } from '../authority/kept.ts'
import type { RegisteredPod } from '../registration/read.ts'
import { svidFolderSetting } from '../settings.ts'
import { svidRenewal } from '../svid/keep-pod.ts'
import { type Leaf, readLeaf } from '../svid/leaf.ts'
import { readPodFiles } from '../svid/pod-folder.ts'
import { current } from './current.ts'
import { table } from './table.ts'

interface AuthorityStatus {
  name: string
  state: string
  created: string
  expires: string
}

interface SvidStatus {
  pod: string
  id: string
  serial: string
  issued: string
  expires: string
  state: CredentialState | 'missing'
}

/** Shows what there is, whether or not anybody serves. */
export function status({ json = false }: { json?: boolean }): void {
  const { registration, authorities } = current()
  const folder = svidFolderSetting()
  const now = new Date()
  const svids = registration.pods.map(registered => svidStatus(registered, folder(registered.pod), now))
  const x509 = authorities.x509.map(kept => authorityStatus(kept, now))
  const jwt = authorities.jwt.map(kept => authorityStatus(kept, now))
  if (json)
    showJson({ sequence: authorities.sequence, trustDomain: authorities.trustDomain, x509, jwt, svids })
  else showTables(x509, jwt, svids)
  const states = [...x509, ...jwt, ...svids].map(({ state }) => state)
  if (states.some(state => state === 'expired' || state === 'missing')) process.exitCode = 1
}

function authorityStatus(kept: Kept<unknown>, now: Date): AuthorityStatus {
  const { name, created, expires } = kept
  const life = credentialState({ notBefore: created, notAfter: expires }, renewalOf(kept), now)
  return {
    name,
    state: life === 'expired' ? life : kept.state,
    created: created.toISOString(),
    expires: expires.toISOString(),
  }
}

function svidStatus({ pod, id }: RegisteredPod, folder: string, now: Date): SvidStatus {
  const leaf = leafIn(folder)
  if (!leaf) return { pod, id, serial: '', issued: '', expires: '', state: 'missing' }
  const { issued, expires } = leaf
  return {
    pod,
    id: leaf.id,
    serial: leaf.serial,
    issued: issued.toISOString(),
    expires: expires.toISOString(),
    state: credentialState({ notBefore: issued, notAfter: expires }, svidRenewal(leaf), now),
  }
}

function leafIn(folder: string): Leaf | undefined {
  const files = readPodFiles(folder)
  try {
    return files && readLeaf(files.svid)
  } catch {
    return undefined // damaged is as good as missing
  }
}

function showJson(all: {
  trustDomain: string
  sequence: bigint
  x509: AuthorityStatus[]
  jwt: AuthorityStatus[]
  svids: SvidStatus[]
}): void {
  const document = {
    trust_domain: all.trustDomain,
    spiffe_sequence: Number(all.sequence),
    x509_authorities: all.x509.map(({ name, ...life }) => ({ serial: name, ...life })),
    jwt_authorities: all.jwt.map(({ name, ...life }) => ({ kid: name, ...life })),
    svids: all.svids,
  }
  console.log(JSON.stringify(document, undefined, 2))
}

function showTables(x509: AuthorityStatus[], jwt: AuthorityStatus[], svids: SvidStatus[]): void {
  const authorities = [
    ...x509.map(({ name, state, created, expires }) => ['x509', name, state, created, expires]),
    ...jwt.map(({ name, state, created, expires }) => ['jwt', name, state, created, expires]),
  ]
  const lines = [
    ...table([['AUTHORITY', 'SERIAL OR KID', 'STATE', 'CREATED', 'EXPIRES'], ...authorities]),
    '',
    ...table([
      ['POD', 'ID', 'SERIAL', 'STATE', 'ISSUED', 'EXPIRES'],
      ...svids.map(({ pod, id, serial, state, issued, expires }) => [
        pod,
        id,
        serial,
        state,
        issued,
        expires,
      ]),
    ]),
  ]
  for (const line of lines) console.log(line)
}
