import { createPublicKey } from 'node:crypto'
import { type Attack, type AttackGroup, anyOf, type Doors, type Seen } from './attack.ts'
import { callMultiply } from './call-multiply.ts'
import { ask, bearer, judge, sum } from './front-door.ts'
import { certificate, idOf, ownKey, token } from './keys.ts'
import type { Keys, World } from './world.ts'

const now = () => Math.floor(Date.now() / 1000)

/** Asks at the front door with these words for a token, perhaps none, perhaps several. */
async function show(world: World, tokens: string[], path = sum): Promise<Seen> {
  return judge(await ask(world, { path, headers: tokens.map(bearer) }))
}

/** The positive control of all of them. Before chapter 05 it is the word that everybody shares. */
const rightToken = {
  control: "alice's token, made by the same hand, is served",
  allowed: async (world: World) => {
    const { jwt } = world.keys
    return show(world, [jwt ? token(world.keys, {}, jwt.privateKey) : await world.token('alice')])
  },
}

/** Nobody can forge a word that is compared whole: who does not know it does not come in, not even in chapter 01. */
const madeUp: Doors = { '01-monolith': 'application', '05-jwt': 'Envoy' }

/** What a token does not say before chapter 05, nobody can check: there the word that everybody shares is shown. */
const unsaid: Doors = { '01-monolith': 'open', '05-jwt': 'Envoy' }

function forged(name: string, tried: string, forge: (keys: Keys) => string): Attack {
  const attempt = (world: World) => show(world, [forge(world.keys)])
  return { name, tried, ...rightToken, attempt, doors: madeUp }
}

/** A token with a good signature that nobody should have made, or that is not for this, or no more. */
function misused(name: string, tried: string, claims: () => object): Attack {
  const attempt = async (world: World) => {
    const { jwt } = world.keys
    return show(world, [
      jwt ? token(world.keys, { claims: claims() }, jwt.privateKey) : await world.token('alice'),
    ])
  }
  return { name, tried, ...rightToken, attempt, doors: unsaid }
}

const calculators = ({ keys: { x509 } }: World) => (x509 ? certificate(x509, 'calculator') : {})

/** The same inside: the calculator's certificate is good, and the token is not. */
function inside(name: string, tried: string, authorization: (world: World) => string): Attack {
  return {
    name,
    tried,
    control: "the same call with alice's token is served",
    allowed: world => callMultiply(world, calculators(world)),
    attempt: world => callMultiply(world, calculators(world), { authorization: authorization(world) }),
    doors: { '02-services': 'open', '05-jwt': 'Envoy' },
  }
}

const forAnother = () => ({ aud: idOf('add') })

export const tokenAttacks: AttackGroup = {
  title: "Another person's name",
  intro:
    'At the front door, and at the end at `multiply` itself. Who has no right to any answer asks for a sum.',
  attacks: [
    {
      name: 'no token',
      tried: 'no Authorization header',
      ...rightToken,
      attempt: world => show(world, []),
      doors: madeUp,
    },
    forged('a token that needs no signature', '`alg` is `none`, and there is no signature', keys =>
      token(keys, { header: { alg: 'none' } }, undefined),
    ),
    forged(
      'the public key as a shared secret',
      '`alg` is `HS256`, and the secret is the public key, in PEM',
      keys =>
        token(
          keys,
          { header: { alg: 'HS256' } },
          createPublicKey(keys.jwt?.privateKey ?? ownKey).export({ type: 'spki', format: 'pem' }) as string,
        ),
    ),
    forged('another key under a known kid', "signed with a key of the attacker's own", keys =>
      token(keys, {}, ownKey),
    ),
    forged('an unknown kid', "signed with a key of the attacker's own, and it says so", keys =>
      token(keys, { header: { kid: 'unknown' } }, ownKey),
    ),
    forged(
      'a token that brings its own key',
      'the key that verifies it stands in its header, as `jwk`',
      keys =>
        token(
          keys,
          { header: { kid: 'own', jwk: createPublicKey(ownKey).export({ format: 'jwk' }) } },
          ownKey,
        ),
    ),
    forged('a token that the certificate authority signed', 'its key signs certificates only', keys =>
      token(keys, {}, keys.x509?.privateKey ?? ownKey),
    ),
    misused('a token without an end', 'signed by the right key, without `exp`', () => ({ exp: undefined })),
    misused('an expired token', 'signed by the right key, and ended a minute ago', () => ({
      iat: now() - 360,
      exp: now() - 60,
    })),
    misused('a token for somebody else', 'signed by the right key, for the audience add', forAnother),
    misused(
      'a person of another trust domain',
      'signed by the right key, and `sub` begins differently',
      () => ({
        sub: 'spiffe://hardway.test.evil/client/alice',
      }),
    ),
    {
      name: 'a token in the query',
      tried: '`?access_token=…`, where it would stand in every log',
      control: 'the same token in the Authorization header is served',
      allowed: async world => show(world, [await world.token('alice')]),
      attempt: async world =>
        judge(
          await ask(world, {
            method: 'POST',
            path: `/evaluate?access_token=${await world.token('alice')}`,
            headers: [['Content-Type', 'application/json']],
            body: '{"expression":"2+3"}',
          }),
        ),
      doors: madeUp,
    },
    {
      name: 'two Authorization headers',
      tried: "bob's token and a forged one of alice, in both orders, for a product",
      control: "bob's token alone is served a sum",
      allowed: async world => show(world, [await world.token('bob')]),
      attempt: async world => {
        const [bob, alice] = [await world.token('bob'), token(world.keys, {}, ownKey)]
        const product = '/multiply?a=6&b=7'
        return anyOf(
          () => show(world, [alice, bob], product),
          () => show(world, [bob, alice], product),
        )
      },
      doors: { '01-monolith': 'open', '03-envoy': 'application', '05-jwt': 'Envoy' },
    },
    inside('no token, inside', "multiply is called with calculator's certificate and no token", () => ''),
    inside(
      'a token for somebody else, inside',
      "multiply is called with calculator's certificate and a token for the audience add",
      ({ keys }) => (keys.jwt ? `Bearer ${token(keys, { claims: forAnother() }, keys.jwt.privateKey)}` : ''),
    ),
    {
      name: 'a stolen token',
      tried: 'a token of alice that somebody else overheard, while it has not expired',
      control: 'alice herself is served with it',
      allowed: async world => show(world, [await world.token('alice')]),
      attempt: async world => show(world, [await world.token('alice')]),
      doors: { '01-monolith': 'open' },
    },
  ],
}
