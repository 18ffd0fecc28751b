import { IdentityError } from '../error.ts'

/** For the clocks of others, which may be a little behind. */
const backSeconds = 10

/**
 * From when until when a certificate is to be valid; whole seconds, as certificates have them.
 * @throws {IdentityError} `bad_lifetime`
 */
export function lifetime(now: Date, lifeSeconds: number): { notBefore: Date; notAfter: Date } {
  const second = Math.floor(now.getTime() / 1000)
  const notAfter = new Date((second + lifeSeconds) * 1000)
  if (Number.isSafeInteger(lifeSeconds) && lifeSeconds > 0 && notAfter.getUTCFullYear() < 10_000) {
    return { notBefore: new Date((second - backSeconds) * 1000), notAfter }
  }
  throw new IdentityError({
    code: 'bad_lifetime',
    problem: `A certificate cannot live for ${lifeSeconds} seconds`,
    section: 'RFC 5280 §4.1.2.5',
    hint: 'Give a whole number of seconds; an hour is 3600.',
  })
}
