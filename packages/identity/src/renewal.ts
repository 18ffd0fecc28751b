/** From when until when something is valid. */
export interface Validity {
  notBefore: Date
  notAfter: Date
}

/**
 * When to renew: at half of the life, up to a tenth of that sooner or later, so that what was issued together does not come
 * back together.
 * @param random  gives numbers from 0 up to 1, such as `Math.random`
 */
export function renewalTime({ notBefore, notAfter }: Validity, random: () => number): Date {
  const half = (notAfter.getTime() - notBefore.getTime()) / 2
  return new Date(notBefore.getTime() + half * (0.9 + 0.2 * random()))
}

/** `due`: renew it. `warn`: renewing has failed for a while, so tell somebody. */
export type CredentialState = 'not_yet_valid' | 'fresh' | 'due' | 'warn' | 'expired'

/**
 * How a credential stands at a time.
 * @param renewal  as {@link renewalTime} gave it
 */
export function credentialState(validity: Validity, renewal: Date, now: Date): CredentialState {
  const { notBefore, notAfter } = validity
  const warning = notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3
  if (now < notBefore) return 'not_yet_valid'
  if (!(now <= notAfter)) return 'expired'
  if (now.getTime() >= warning) return 'warn'
  return now >= renewal ? 'due' : 'fresh'
}
