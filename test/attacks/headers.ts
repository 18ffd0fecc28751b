import type { Attack, AttackGroup } from './attack.ts'
import { ask, bearer } from './front-door.ts'
import type { World } from './world.ts'

/** The headers that arrive at the application, or at what stands in its place. */
async function arriving(
  world: World,
  name: string,
  value: string,
): Promise<Record<string, string | undefined>> {
  await world.standIn()
  const token = await world.token('alice')
  const headers = [bearer(token), [name, value] as const]
  return JSON.parse((await ask(world, { path: '/add?a=6&b=7', headers })).body)
}

/**
 * A stranger sends a header that those inside might believe.
 * @param believed  what is taken of what arrives
 */
function forgedHeader(
  name: string,
  value: string,
  tried: string,
  believed: (arrived: string) => string = arrived => arrived,
): Attack {
  return {
    name: `a made-up \`${name}\``,
    tried,
    control: 'a header that means nothing, `x-colour`, arrives as it was sent',
    allowed: async world => {
      const colour = (await arriving(world, 'x-colour', 'blue'))['x-colour']
      return colour === 'blue' ? { door: 'open', saw: 'blue' } : { door: 'none', saw: String(colour) }
    },
    attempt: async world => {
      const arrived = (await arriving(world, name, value))[name.toLowerCase()]
      if (arrived === undefined) return { door: 'Envoy', saw: 'it is dropped' }
      return believed(arrived) === value
        ? { door: 'open', saw: 'it arrives' }
        : { door: 'Envoy', saw: 'another value arrives' }
    },
    doors: { '01-monolith': 'open', '03-envoy': 'Envoy' },
  }
}

export const headerAttacks: AttackGroup = {
  title: 'Headers that the inside might believe',
  intro:
    'Sent by a stranger at the front door. Open means: what he wrote arrives at the application, and whoever will read it one day believes it.',
  attacks: [
    forgedHeader(
      'x-forwarded-client-cert',
      'URI=spiffe://hardway.test/gateway',
      'the caller claims a certificate that it did not show',
    ),
    forgedHeader(
      'x-request-id',
      '00000000-0000-4000-8000-000000000000',
      'the caller chooses the id in all logs',
    ),
    forgedHeader(
      'x-forwarded-for',
      '192.0.2.1',
      'the caller claims another address; the last one counts, which the nearest proxy wrote',
      arrived => arrived.split(',').at(-1)!.trim(),
    ),
    forgedHeader(
      'x-envoy-upstream-rq-timeout-ms',
      '1',
      'the caller sets the time that Envoy waits, for others',
    ),
  ],
}
