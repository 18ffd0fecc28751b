import { expect } from 'vitest'
import { type Attack, type AttackGroup, anyOf, type Doors, type Seen } from './attack.ts'
import { ask, bearer, judge } from './front-door.ts'
import type { World } from './world.ts'

/** Before chapter 06 nobody is asked. */
const failsClosed: Doors = { '01-monolith': 'open', '06-opa': 'Envoy' }

/** In milliseconds. */
const patience = 10_000

async function multiplies(world: World, person: string) {
  return ask(world, { path: '/multiply?a=6&b=7', headers: [bearer(await world.token(person))] })
}

const statusOfAlice = async (world: World) => (await multiplies(world, 'alice')).status

/** Nobody decided: it is neither a yes nor a no, for whoever asks. */
async function nobodyDecides(world: World): Promise<Seen> {
  return anyOf(
    ...['alice', 'bob'].map(person => async () => {
      const answer = await multiplies(world, person)
      if (answer.status !== 200 && answer.status !== 503) throw new Error(`${person} got ${answer.status}`)
      return judge(answer)
    }),
  )
}

/** @param cripple  does something to the policy engine; gives the way back */
function without(name: string, tried: string, cripple: (world: World) => Promise<() => unknown>): Attack {
  return {
    name,
    tried,
    control: 'with an OPA that decides, alice is served her product, and is again afterwards',
    allowed: async world => judge(await multiplies(world, 'alice')),
    attempt: async world => {
      if (!world.mesh.authorization) return judge(await multiplies(world, 'bob'))
      const mend = await cripple(world)
      try {
        return await nobodyDecides(world)
      } finally {
        await mend()
        await expect.poll(() => statusOfAlice(world), { timeout: patience }).toBe(200)
      }
    },
    doors: failsClosed,
  }
}

/** Another policy, as soon as it is what the gateway's OPA goes by. */
function withPolicy(name: string, tried: string, rule: string): Attack {
  return without(name, tried, async world => {
    const mend = world.replacePolicy(`package authz\n\n${rule}\n`, 'dry_run.rego') // the file that Envoy's answer is in
    try {
      // Bob's no comes from the gateway. Alice's 503 could come from a pod further in, whose OPA was quicker.
      await expect.poll(async () => (await multiplies(world, 'bob')).status, { timeout: patience }).toBe(503)
    } catch (error) {
      mend()
      throw error
    }
    return mend
  })
}

export const policyEngineAttacks: AttackGroup = {
  title: 'Without a decision',
  intro:
    'Bob, and alice with him, want a product while nobody can say whether they may. The one right answer is 503.',
  attacks: [
    without('OPA, stopped', "the gateway's OPA is frozen in the middle of its work", async world => {
      await world.kill('gateway-opa', 'SIGSTOP')
      return () => world.kill('gateway-opa', 'SIGCONT')
    }),
    withPolicy(
      'OPA, too slow',
      'its policy says yes to everything, after counting to some millions first',
      [
        'decision := {"allowed": true} if {',
        '\tcount([x | some x in numbers.range(1, 5000); some y in numbers.range(1, 5000); x * y < 0]) == 0',
        '}',
      ].join('\n'),
    ),
    withPolicy(
      'OPA, answering nonsense',
      'its policy answers `"yes"`, which is no decision',
      'decision := "yes"',
    ),
  ],
}
