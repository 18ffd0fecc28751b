import { type Attack, type AttackGroup, anyOf, type Doors, type Seen } from './attack.ts'
import { ask, bearer, judge, type Request, sum } from './front-door.ts'
import { token } from './keys.ts'
import type { World } from './world.ts'

const operands = '?a=6&b=7'

async function as(person: string, world: World, request: Request) {
  const headers = [bearer(await world.token(person)), ...(request.headers ?? [])]
  return ask(world, { ...request, headers })
}

/** Whether something was multiplied. What else is served is no harm. */
async function multiplies(person: string, world: World, request: Request): Promise<Seen> {
  const answer = await as(person, world, request)
  if (answer.status !== 200 || answer.body.includes('"operation":"multiply"')) return judge(answer)
  return { door: 'application', saw: `200: ${answer.body}` }
}

/** The positive control of all of them. */
const bobsRight = {
  control: 'bob is served a sum',
  allowed: async (world: World) => judge(await as('bob', world, { path: sum })),
}

/** Bob asks for a product, and before chapter 06 he gets it like everybody. */
const untilPolicy: Doors = { '01-monolith': 'open', '06-opa': 'OPA' }

/** What is no path of the calculator, however one reads it. */
const noPath: Doors = { '01-monolith': 'application', '06-opa': 'OPA' }

/** What means nothing to the application, and much to an Envoy that puts paths into one spelling. */
const normalized: Doors = { '01-monolith': 'application', '03-envoy': 'open', '06-opa': 'OPA' }

/** What an Envoy refuses before anybody is asked. */
const refusedByEnvoy: Doors = { '01-monolith': 'application', '03-envoy': 'Envoy' }

/**
 * Bob asks for a product with another spelling. To alice it is the same request as /multiply, or none: then bob is told the same.
 */
function spelled(path: string, doors: Doors): Attack {
  const request = { path: path + operands }
  return {
    name: `bob's product, spelled \`${path}\``,
    tried: `\`GET ${path}\`; alice, who asks the same, is served her product, or there is no such path for her either`,
    ...bobsRight,
    attempt: async world => {
      const [alice, bob] = [
        await multiplies('alice', world, request),
        await multiplies('bob', world, request),
      ]
      const [status] = alice.saw.split(':')
      if (!['200', '400', '404'].includes(status!)) throw new Error(`alice was told: ${alice.saw}`)
      if (alice.door !== 'open' && bob.saw !== alice.saw) throw new Error(`bob was told: ${bob.saw}`)
      return bob
    },
    doors,
  }
}

const evaluate = (expression: string, headers: Request['headers'] = []): Request => ({
  method: 'POST',
  path: '/evaluate',
  headers: [['Content-Type', 'application/json'], ...headers],
  body: JSON.stringify({ expression }),
})

export const rightsAttacks: AttackGroup = {
  title: "Another person's rights",
  intro: 'Bob, who may add and subtract and no more, wants a product.',
  attacks: [
    spelled('/multiply', untilPolicy),
    spelled('//multiply', normalized),
    spelled('/x/../multiply', normalized),
    spelled('/add/../multiply', normalized),
    spelled('/add/..;/multiply', normalized),
    spelled('/%6dultiply', untilPolicy),
    spelled('/%256dultiply', noPath),
    spelled('/add%2F..%2Fmultiply', refusedByEnvoy),
    spelled('/add%5C..%5Cmultiply', refusedByEnvoy),
    spelled('/multiply%00', refusedByEnvoy),
    spelled('/multiply%20', noPath),
    spelled('/multiply/', noPath),
    spelled('/multiply;x=y', noPath),
    spelled('/MULTIPLY', noPath),
    {
      name: "bob's product, by another method",
      tried: 'POST, PUT, PATCH, DELETE, OPTIONS and HEAD instead of GET',
      ...bobsRight,
      attempt: async world => {
        const authorization = `Bearer ${await world.token('bob')}`
        const ways = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].map(method => async () => {
          const response = await fetch(`${world.url}/multiply${operands}`, {
            method,
            headers: { authorization },
          })
          if (method !== 'HEAD') return judge({ status: response.status, body: await response.text() })
          // There is nothing to read in it: whoever refuses it is who refuses the same GET.
          const { door } = await multiplies('bob', world, { path: `/multiply${operands}` })
          return { door: response.status === 200 ? 'open' : door, saw: `${response.status}` } as const
        })
        return anyOf(...ways)
      },
      doors: untilPolicy,
    },
    {
      name: 'a header that names another method',
      tried: '`X-HTTP-Method-Override: GET` and its like, with a POST that is refused without',
      ...bobsRight,
      attempt: world =>
        anyOf(
          ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map(
            name => () =>
              multiplies('bob', world, {
                method: 'POST',
                path: `/multiply${operands}`,
                headers: [[name, 'GET']],
              }),
          ),
        ),
      doors: { '01-monolith': 'application', '06-opa': 'OPA' },
    },
    {
      name: 'a header that names another path',
      tried: '`X-Original-URL: /multiply` and its like, with a request for a sum',
      ...bobsRight,
      attempt: world =>
        anyOf(
          ...['X-Original-URL', 'X-Rewrite-URL', 'X-Envoy-Original-Path', 'X-Forwarded-Prefix'].map(
            name => () => multiplies('bob', world, { path: sum, headers: [[name, `/multiply${operands}`]] }),
          ),
        ),
      doors: { '01-monolith': 'application' },
    },
    {
      name: "bob's product, by way of the calculator",
      tried: '`POST /evaluate` of `2*3`, which calculator then asks multiply for',
      control: 'bob is served `/evaluate` of `2+3`',
      allowed: async world => judge(await as('bob', world, evaluate('2+3'))),
      attempt: world => multiplies('bob', world, evaluate('2*3')),
      doors: untilPolicy,
    },
    {
      name: 'a stranger with a good token',
      tried: 'signed by the right key, for a person whom mesh.yaml does not name',
      ...bobsRight,
      attempt: async world => {
        const { jwt } = world.keys
        const claims = { sub: 'spiffe://hardway.test/client/eve' }
        const shown = jwt ? token(world.keys, { claims }, jwt.privateKey) : await world.token('eve')
        return judge(await ask(world, { headers: [bearer(shown)] }))
      },
      doors: untilPolicy,
    },
  ],
}
