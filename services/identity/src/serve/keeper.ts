import { renderJwks, renderRoots } from '@hardway/identity'
import { type Advanced, advance } from '../authority/advance.ts'
import { bundleOf } from '../authority/bundle.ts'
import { stepByHand } from '../authority/by-hand.ts'
import { type Authorities, activeOf } from '../authority/kept.ts'
import { loadAuthorities, saveAuthorities } from '../authority/store.ts'
import { renderJwtAuthn } from '../envoy/jwt-authn.ts'
import { oneLine } from '../error.ts'
import type { Registration } from '../registration/read.ts'
import { sameAgain } from '../same-again.ts'
import { createPodKeeper } from '../svid/keep-pod.ts'
import { type Answer, answerRequests, type Request } from './requests.ts'

/** What a keeper works with. */
export interface KeeperOptions {
  registration: Registration
  /** Of the authorities, which are there already. */
  stateFolder: string
  /** Of a pod. */
  svidFolder: (pod: string) => string
  log: (line: string) => void
  clock: () => Date
}

/** Keeps the authorities of a trust domain and the SVIDs of its pods as they should be. */
export interface Keeper {
  /**
   * Does all that is due now. It never throws: what fails is logged, and tried again at the next tick.
   * @returns whether every pod has what it should
   */
  tick(): boolean
  /** Does what an operator asks for. */
  rotate(request: Omit<Request, 'until'>): Answer
}

/**
 * What is so is read from the files each time, and nothing is decided from memory. So a restart forgets nothing, and two that
 * serve at once, by mistake, end up with the same.
 */
export function createKeeper({ registration, stateFolder, svidFolder, log, clock }: KeeperOptions): Keeper {
  const failures = new Map<string, { code: string; problem: string }>()
  const podKeepers = registration.pods.map(pod => createPodKeeper(pod, svidFolder(pod.pod)))
  const filesOf = sameAgain(sharedFiles)
  return { tick, rotate }

  function tick(): boolean {
    return attempt('authorities', () => {
      const now = clock()
      const { authorities } = store(advance(load(), registration, now))
      const failed = keepPods(authorities, now)
      answerRequests(stateFolder, now, rotate)
      return failed.length === 0
    })
  }

  function rotate({ rotate: what, step = 'publish' }: Omit<Request, 'until'>): Answer {
    try {
      const now = clock() // later than that of the tick: it counts when it was asked
      const before = { authorities: load(), events: [] }
      const { authorities, events } =
        what === 'svid' ? before : store(stepByHand(what, step, before.authorities, registration, now))
      const lines: string[] = []
      const failed = keepPods(authorities, now, { reissue: what === 'svid', tell: line => lines.push(line) })
      const warnings = failed.map(pod => `WARNING: ${pod} has not got it yet: ${failures.get(pod)?.problem}`)
      return { done: true, lines: [...events, ...lines, ...warnings] }
    } catch (error) {
      return { done: false, lines: [oneLine(error)] }
    }
  }

  function load(): Authorities {
    return loadAuthorities(stateFolder, registration.trustDomain)
  }

  /** First the file, then whatever follows from it: what was never stored must not be seen by anybody. */
  function store(advanced: Advanced): Advanced {
    if (advanced.events.length > 0) saveAuthorities(stateFolder, advanced.authorities)
    for (const event of advanced.events) log(event)
    return advanced
  }

  /** @returns the pods for which it failed */
  function keepPods(
    authorities: Authorities,
    now: Date,
    { reissue = false, tell = () => {} }: { reissue?: boolean; tell?: (line: string) => void } = {},
  ): string[] {
    const wanted = {
      authority: activeOf(authorities.x509)!.authority,
      svidTtl: registration.x509.svidTtl,
      ...filesOf(registration, authorities),
    }
    const failed = podKeepers.filter(
      ({ pod, keep }) =>
        !attempt(pod, () => {
          const done = keep(wanted, { now, reissue })
          if (done !== undefined) {
            log(done)
            tell(done)
          }
          return true
        }),
    )
    return failed.map(({ pod }) => pod)
  }

  /** One failure is one line, however often it is tried again; and so is its end. */
  function attempt(what: string, act: () => boolean): boolean {
    try {
      const result = act()
      if (failures.delete(what)) log(`${what}: it works again`)
      return result
    } catch (error) {
      const problem = oneLine(error)
      const { code = problem } = error as { code?: string } // the words may name a time, or a file that is new each time
      if (failures.get(what)?.code !== code) log(`ERROR ${what}: ${problem}; tried again each second`)
      failures.set(what, { code, problem })
      return false
    }
  }
}

/** What all pods have in common. */
function sharedFiles(
  { jwtAuthn }: Registration,
  authorities: Authorities,
): { bundle: string; jwtAuthn?: string } {
  const bundle = bundleOf(authorities)
  const roots = renderRoots(bundle)
  if (jwtAuthn === undefined) return { bundle: roots }
  return { bundle: roots, jwtAuthn: renderJwtAuthn(jwtAuthn, renderJwks(bundle)) }
}
