import { type Attack, type AttackGroup, anyOf, type Doors, type Seen } from './attack.ts'
import { ask, bearer, judge, type Request, sum } from './front-door.ts'
import type { World } from './world.ts'

const json = ['Content-Type', 'application/json'] as const

/**
 * Alice sends what cannot be served. It must be refused as her mistake. The door is open if it is served all the same, if it
 * is answered as a fault of ours, or not at all.
 */
async function refusedAsHers(world: World, request: Request): Promise<Seen> {
  const headers = [bearer(await world.token('alice')), ...(request.headers ?? [])]
  const answer = await ask(world, { ...request, headers }).catch((error: Error) => error)
  if (answer instanceof Error) return { door: 'open', saw: answer.message }
  if (answer.status >= 400 && answer.status < 500) return judge(answer)
  return { door: 'open', saw: `${answer.status}: ${answer.body}` }
}

const post = (body: string | Buffer): Request => ({
  method: 'POST',
  path: '/evaluate',
  headers: [json],
  body,
})
const expression = (text: string) => post(JSON.stringify({ expression: text }))

/** The positive control of all of them. */
const goodBody = {
  control: 'alice is served `/evaluate` of `2+3`',
  allowed: async (world: World) => {
    const { headers = [], ...request } = expression('2+3')
    return judge(await ask(world, { ...request, headers: [bearer(await world.token('alice')), ...headers] }))
  },
}

function refused(name: string, tried: string, doors: Doors, ...requests: Request[]): Attack {
  return {
    name,
    tried,
    ...goodBody,
    attempt: world => anyOf(...requests.map(request => () => refusedAsHers(world, request))),
    doors,
  }
}

/** Nobody else looks into a body. */
const byApplication: Doors = { '01-monolith': 'application' }
/** Whoever meets it first refuses it. */
const byFirst: Doors = { '01-monolith': 'application', '03-envoy': 'Envoy' }

export const requestAttacks: AttackGroup = {
  title: 'Requests that are none',
  intro:
    'Alice, who may do everything, sends what cannot be served. The door counts as open if that is answered with anything but her own mistake (4xx), or not at all.',
  attacks: [
    refused(
      'a body that is too large',
      '17 KiB of good JSON',
      byApplication,
      post(`{"expression":"2+3"}${' '.repeat(17 * 1024)}`),
    ),
    refused(
      'an expression without end',
      'of 4,097 characters, and 65 brackets deep',
      byApplication,
      expression(`1${'+1'.repeat(2048)}`),
      expression(`${'('.repeat(65)}1${')'.repeat(65)}`),
    ),
    refused(
      'a body that is no JSON',
      'cut short, a list, a text, empty',
      byApplication,
      post('{"expression":"2+3"'),
      post('["2+3"]'),
      post('"2+3"'),
      { ...post(''), headers: [json, ['Content-Length', '0']] },
    ),
    refused(
      'a NUL in a body',
      'as a byte, and as `\\u0000`',
      byApplication,
      post('{"expression":"2\0+3"}'),
      expression('2\0+3'),
    ),
    refused(
      'a body that is not UTF-8',
      'the byte FF, a character cut in half, half of a surrogate pair',
      byApplication,
      ...[[0xff], [0xc3], [0xed, 0xa0, 0x80]].map(bytes =>
        post(Buffer.concat([Buffer.from('{"expression":"2+3'), Buffer.from(bytes), Buffer.from('"}')])),
      ),
    ),
    refused('a query that is not UTF-8', '`?a=%FF&b=7`', byApplication, { path: '/add?a=%FF&b=7' }),
    refused('a NUL in a header', 'as a byte', byFirst, { path: sum, headers: [['X-Colour', 'bl\0ue']] }),
    refused(
      'two lengths',
      'Content-Length and Transfer-Encoding, on which two servers might disagree',
      byFirst,
      {
        ...post('5\r\n{"ex"\r\n0\r\n\r\n'),
        headers: [json, ['Content-Length', '6'], ['Transfer-Encoding', 'chunked']],
      },
    ),
    refused('a header that is too large', '70 KiB', byFirst, {
      path: sum,
      headers: [['X-Long', 'a'.repeat(70 * 1024)]],
    }),
  ],
}
