import { IdentityServiceError } from '../error.ts'
import type { Registration } from '../registration/read.ts'
import { type Advanced, type AuthorityKind, takeStep } from './advance.ts'
import type { Authorities } from './kept.ts'
import { propagated, type Step } from './rotation.ts'

/** The steps of a rotation, in their order. */
export const rotationSteps = ['publish', 'activate', 'retire'] as const
export type RotationStep = (typeof rotationSteps)[number]

/** What a step has to wait for, so that nobody meets a signature that he does not know yet. */
export interface Waiting {
  until: Date
  why: string
}

/**
 * Takes a step that an operator asks for.
 * @throws {IdentityServiceError} `not_now` if it is not the turn of this step
 */
export function stepByHand(
  kind: AuthorityKind,
  step: RotationStep,
  authorities: Authorities,
  registration: Registration,
  now: Date,
): Advanced {
  requireTurn(kind, step, authorities, registration)
  const waiting = waitingFor(kind, step, authorities, registration)
  if (waiting && now < waiting.until) {
    throw notNow(`${waiting.why}: ask again after ${waiting.until.toISOString()}`)
  }
  return takeStep(kind, asStep(kind, step, authorities), authorities, registration, now)
}

/** What stands between an operator and a step; undefined if nothing does. */
export function waitingFor(
  kind: AuthorityKind,
  step: RotationStep,
  authorities: Authorities,
  registration: Registration,
): Waiting | undefined {
  const lives = registration[kind]
  const state = step === 'activate' ? 'published' : 'retiring'
  const before = authorities[kind].filter(authority => authority.state === state).at(-1)
  if (!lives || !before || step === 'publish') return undefined
  const why =
    step === 'activate'
      ? `not everybody knows the new ${kind} authority yet`
      : `not everybody uses the new ${kind} authority yet`
  return { until: propagated(before, lives), why }
}

function requireTurn(
  kind: AuthorityKind,
  step: RotationStep,
  authorities: Authorities,
  registration: Registration,
): void {
  if (!registration[kind]) throw notNow(`the registration has no "${kind}"; write it down, and restart`)
  const has = (state: string) => authorities[kind].some(authority => authority.state === state)
  if (step === 'publish' && has('published')) {
    throw notNow(`an ${kind} authority is published already; activate it with "rotate ${kind} activate"`)
  }
  if (step === 'activate' && !has('published')) {
    throw notNow(`no ${kind} authority is published; begin with "rotate ${kind} publish"`)
  }
  if (step === 'retire' && !has('retiring')) {
    throw notNow(`no ${kind} authority is retiring; "rotate ${kind} activate" comes before`)
  }
}

function asStep(kind: AuthorityKind, step: RotationStep, authorities: Authorities): Step {
  if (step !== 'retire') return { step }
  const retiring = authorities[kind].filter(({ state }) => state === 'retiring')
  return { step, names: retiring.map(({ name }) => name) }
}

function notNow(problem: string): IdentityServiceError {
  return new IdentityServiceError('not_now', problem)
}
