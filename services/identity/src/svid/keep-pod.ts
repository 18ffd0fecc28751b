import {
  createBundle,
  IdentityError,
  parsePrivateKey,
  verifyX509Svid,
  type X509Authority,
} from '@hardway/identity'
import { renewalOf } from '../authority/kept.ts'
import type { RegisteredPod } from '../registration/read.ts'
import { sameAgain } from '../same-again.ts'
import { issueSvid } from './issue.ts'
import { type Leaf, readLeaf } from './leaf.ts'
import { type PodFiles, readPodFiles, replacePodFiles } from './pod-folder.ts'

/** What all pods are to have at the moment. */
interface Wanted {
  /** It signs. */
  authority: X509Authority
  /** Of an SVID, in seconds. */
  svidTtl: number
  /** The text of bundle.pem. */
  bundle: string
  /** The text of jwt-authn.yaml, if pods get one. */
  jwtAuthn?: string
}

/** Gives one pod what it lacks. */
export interface PodKeeper {
  pod: string
  /**
   * @param reissue  a new SVID even if the old one is good
   * @returns what was done, as a line; undefined if nothing had to be
   */
  keep(wanted: Wanted, options: { now: Date; reissue: boolean }): string | undefined
}

export function createPodKeeper({ pod, id }: RegisteredPod, folder: string): PodKeeper {
  const judgeAgain = sameAgain(judge)
  return { pod, keep }

  function keep(wanted: Wanted, { now, reissue }: { now: Date; reissue: boolean }): string | undefined {
    const present = readPodFiles(folder)
    const reason = reissue ? 'it was asked for' : reasonToIssue(present, wanted.authority, now)
    const hasShared = present?.bundle === wanted.bundle && present.jwtAuthn === wanted.jwtAuthn
    if (reason === undefined && hasShared) return undefined
    const { authority, svidTtl, ...shared } = wanted
    const own = present && reason === undefined ? present : issueSvid(authority, { id, ttl: svidTtl, now })
    replacePodFiles(folder, { svid: own.svid, key: own.key, ...shared }, now)
    if (reason === undefined) return `${pod} has the new bundle; its SVID stays`
    const { serial, expires } = readLeaf(own.svid)
    return `${pod} is ${id}, serial ${serial}, until ${expires.toISOString()}: ${reason}`
  }

  /** Why the pod needs a new SVID; undefined if it does not. */
  function reasonToIssue(
    present: PodFiles | undefined,
    authority: X509Authority,
    now: Date,
  ): string | undefined {
    if (!present) return 'it had none'
    const judged = judgeAgain(present.svid, present.key, authority)
    if (typeof judged === 'string') return judged
    if (judged.id !== id) return `it was ${judged.id}`
    if (now > judged.expires) return 'WARNING: the old one had ended'
    if (now < judged.notBefore) return 'the clock was set back to before the old one'
    return now >= svidRenewal(judged) ? 'half of the life of the old one is over' : undefined
  }
}

/**
 * Judges an SVID as of the time when it was issued, with the active authority alone: what another one signed is good for
 * others, and still to be replaced.
 * @returns what it says, or what is wrong with it
 */
function judge(svid: string, key: string, authority: X509Authority): Leaf | string {
  try {
    const leaf = readLeaf(svid)
    const { trustDomain } = authority
    const signs = createBundle(trustDomain, { x509Authorities: [authority], jwtAuthorities: [] })
    const { publicKey } = verifyX509Svid(svid, { bundles: [signs], now: leaf.issued }).leaf
    return parsePrivateKey(key).publicKey.equals(publicKey) ? leaf : 'its key was another one'
  } catch (error) {
    const code = error instanceof IdentityError ? error.code : 'bad_certificate'
    return code === 'no_trusted_signer' ? 'another authority signs now' : `the old one was damaged (${code})`
  }
}

/** When an SVID is to be renewed. */
export function svidRenewal({ serial, issued, expires }: Leaf): Date {
  return renewalOf({ name: serial, created: issued, expires })
}
