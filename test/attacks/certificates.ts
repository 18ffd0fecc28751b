import { randomBytes } from 'node:crypto'
import { generateKeyPair, IdentityError, issueX509Svid, type X509Authority } from '@hardway/identity'
import { type Attack, type AttackGroup, anyOf, type Seen } from './attack.ts'
import type { Shown } from './attacker.ts'
import { callMultiply } from './call-multiply.ts'
import { certificate, idOf, strangeAuthority } from './keys.ts'
import type { World } from './world.ts'

/** Calls multiply, and shows what is made with our own authority; nothing before there is one. */
function callShowing(
  world: World,
  make: (authority: X509Authority) => Shown,
  headers?: Record<string, string>,
): Promise<Seen> {
  const { x509 } = world.keys
  return callMultiply(world, x509 ? make(x509) : 'plain text', headers)
}

/** The positive control of all of them. */
const rightCertificate = {
  control: "calculator's own certificate, made by the same hand, is served",
  allowed: (world: World) => callShowing(world, authority => certificate(authority, 'calculator')),
}

function shows(
  name: string,
  tried: string,
  make: (authority: X509Authority) => Shown,
  doors: Attack['doors'],
): Attack {
  return { name, tried, ...rightCertificate, attempt: world => callShowing(world, make), doors }
}

/** What every certificate is worth before somebody looks at it. */
const unasked = { '02-services': 'open' } as const
const minute = 60_000

const noCertificate: Attack = {
  name: 'no certificate',
  tried: 'as plain text, and over TLS without a certificate',
  ...rightCertificate,
  attempt: world =>
    anyOf(
      () => callMultiply(world, 'plain text'),
      () => callMultiply(world, {}),
    ),
  doors: { ...unasked, '04-mtls': 'Envoy' },
}

/** Envoy itself takes such a certificate, for the first of the two names. So it must never be signed. */
const twoNames: Attack = {
  name: 'a certificate with two SPIFFE IDs',
  tried: 'our own authority is asked to sign one for add that names calculator too',
  ...rightCertificate,
  attempt: async world => {
    const { x509 } = world.keys
    if (!x509) return callMultiply(world, 'plain text')
    const { publicKey } = generateKeyPair()
    const uriSans = [idOf('calculator'), idOf('add')]
    try {
      issueX509Svid(x509, { uriSans, publicKey }, { random: randomBytes, now: new Date() })
    } catch (error) {
      if (error instanceof IdentityError) return { door: 'identity', saw: error.problem }
      throw error
    }
    return { door: 'open', saw: 'it was signed' }
  },
  doors: { ...unasked, '04-mtls': 'identity' },
}

export const certificateAttacks: AttackGroup = {
  title: "Another workload's name",
  intro: 'Past the calculator: `multiply` is called from another pod, on behalf of alice, who may do that.',
  attacks: [
    noCertificate,
    shows(
      'a certificate of another authority',
      'with the right names in it, and signed by an authority that calls itself hardway.test',
      () => certificate(strangeAuthority(), 'calculator'),
      { ...unasked, '04-mtls': 'Envoy' },
    ),
    shows(
      'an expired certificate',
      "calculator's, that ended a minute ago",
      authority =>
        certificate(authority, 'calculator', {
          notBefore: new Date(Date.now() - 60 * minute),
          notAfter: new Date(Date.now() - minute),
        }),
      { ...unasked, '04-mtls': 'Envoy' },
    ),
    shows(
      "another workload's certificate",
      "add's, which is good, and whose bearer has no business with multiply",
      authority => certificate(authority, 'add'),
      { ...unasked, '06-opa': 'OPA' },
    ),
    {
      name: 'a header that names another caller',
      tried: 'add says in `x-forwarded-client-cert` that it is calculator',
      ...rightCertificate,
      attempt: world =>
        callShowing(world, authority => certificate(authority, 'add'), {
          'x-forwarded-client-cert': `By=${idOf('multiply')};URI=${idOf('calculator')}`,
        }),
      doors: { ...unasked, '06-opa': 'OPA' },
    },
    twoNames,
    shows(
      'a SPIFFE ID in the common name',
      'signed by our own authority, with the ID in the Subject and nowhere else',
      authority => certificate(authority, 'calculator', { uriSans: [], commonName: idOf('calculator') }),
      { ...unasked, '04-mtls': 'Envoy' },
    ),
    shows(
      'a SPIFFE ID of another trust domain',
      'signed by our own authority, for `spiffe://hardway.test.evil/calculator`',
      authority =>
        certificate(authority, 'calculator', { uriSans: ['spiffe://hardway.test.evil/calculator'] }),
      { ...unasked, '04-mtls': 'Envoy' },
    ),
  ],
}
