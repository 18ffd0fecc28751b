import { type RotationStep, rotationSteps, waitingFor } from '../authority/by-hand.ts'
import { IdentityServiceError } from '../error.ts'
import { ask } from '../serve/requests.ts'
import { stateFolderSetting } from '../settings.ts'
import { current } from './current.ts'

/** Asks who serves for new SVIDs, or for one step or all steps of a rotation. */
export async function rotate(what: 'svid' | 'x509' | 'jwt', step?: RotationStep): Promise<void> {
  if (what === 'svid') {
    if (step) throw new IdentityServiceError('not_now', `an SVID is replaced at once: leave out "${step}"`)
    return request({ rotate: what })
  }
  for (const next of step ? [step] : stepsLeft(what)) {
    await wait(what, next)
    await request({ rotate: what, step: next })
  }
}

/** Who serves goes by the time at which it began to look, in milliseconds. */
const tick = 1_000

/** All that is left to do: the first step may have been taken already, by hand or because it was time. */
function stepsLeft(kind: 'x509' | 'jwt'): readonly RotationStep[] {
  const isPublished = current().authorities[kind].some(({ state }) => state === 'published')
  return isPublished ? rotationSteps.slice(1) : rotationSteps
}

async function request(asked: Parameters<typeof ask>[1]): Promise<void> {
  const { done, lines } = await ask(stateFolderSetting(), asked)
  if (!done) throw new IdentityServiceError('not_now', lines.join('; '))
  for (const line of lines) console.log(line)
}

async function wait(kind: 'x509' | 'jwt', step: RotationStep): Promise<void> {
  const { registration, authorities } = current()
  const waiting = waitingFor(kind, step, authorities, registration)
  if (!waiting) return
  const left = () => waiting.until.getTime() + tick - Date.now()
  if (left() > 0) console.error(`${waiting.why}: ${step} follows in ${Math.ceil(left() / 1000)} s`)
  while (left() > 0) await new Promise(resolve => setTimeout(resolve, left())) // a timer may be early
}
