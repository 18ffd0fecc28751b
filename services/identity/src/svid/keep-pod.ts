import {
  createBundle,
  IdentityError,
  parsePrivateKey,
  verifyX509Svid,
  type X509Authority,
} from '@hardway/identity'
import { renewalOf } from '../authority/kept.ts'
import type { RegisteredPod } from '../registration/read.ts'
import { issueSvid } from './issue.ts'
import { type Leaf, readLeaf } from './leaf.ts'
import { type PodFiles, readPodFiles, replacePodFiles } from './pod-folder.ts'

/** What all pods are to have at the moment. */
export interface Wanted {
  /** It signs. */
  authority: X509Authority
  /** Of an SVID, in seconds. */
  svidTtl: number
  /** The text of bundle.pem. */
  bundle: string
  /** The text of jwt-authn.yaml, if pods get one. */
  jwtAuthn?: string
}

/**
 * Gives a pod what it lacks.
 * @param reissue  a new SVID even if the old one is good
 * @returns what was done, as a line; undefined if nothing had to be
 */
export function keepPod(
  { pod, id }: RegisteredPod,
  folder: string,
  wanted: Wanted,
  { now, reissue }: { now: Date; reissue: boolean },
): string | undefined {
  const present = readPodFiles(folder)
  const reason = reissue ? 'it was asked for' : reasonToIssue(present, id, wanted.authority, now)
  if (reason === undefined && present?.bundle === wanted.bundle && present.jwtAuthn === wanted.jwtAuthn)
    return
  const { authority, svidTtl, ...shared } = wanted
  const own = present && reason === undefined ? present : issueSvid(authority, { id, ttl: svidTtl, now })
  replacePodFiles(folder, { svid: own.svid, key: own.key, ...shared }, now)
  const { serial, expires } = readLeaf(own.svid)
  if (reason === undefined) return `${pod} has the new bundle; its SVID stays`
  return `${pod} is ${id}, serial ${serial}, until ${expires.toISOString()}: ${reason}`
}

/** Why a pod needs a new SVID; undefined if it does not. */
function reasonToIssue(
  present: PodFiles | undefined,
  id: string,
  authority: X509Authority,
  now: Date,
): string | undefined {
  if (!present) return 'it had none'
  const { trustDomain } = authority
  // Judged with the active authority alone: what another one signed is good for others, and still to be replaced.
  const signs = createBundle(trustDomain, { x509Authorities: [authority], jwtAuthorities: [] })
  try {
    const { leaf } = verifyX509Svid(present.svid, { bundles: [signs], now })
    if (!parsePrivateKey(present.key).publicKey.equals(leaf.publicKey)) return 'its key was another one'
  } catch (error) {
    return reasonOf(error)
  }
  const leaf = readLeaf(present.svid)
  if (leaf.id !== id) return `it was ${leaf.id}`
  return now >= svidRenewal(leaf) ? 'half of the life of the old one is over' : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof IdentityError)) throw error
  if (error.code === 'no_trusted_signer') return 'another authority signs now'
  if (error.code === 'expired') return 'WARNING: the old one had ended'
  return `the old one was damaged (${error.code})`
}

/** When an SVID is to be renewed. */
export function svidRenewal({ serial, issued, expires }: Leaf): Date {
  return renewalOf({ name: serial, created: issued, expires })
}
