import { ports } from '@hardway/compiler/pod'
import { type Attack, type AttackGroup, anyOf, type Doors, nothingThere, type Seen } from './attack.ts'
import { judgeCall } from './call-multiply.ts'
import { judge, sum } from './front-door.ts'
import type { World } from './world.ts'

/** Why there is nothing to attack while a section of mesh.yaml is off. */
const missing = {
  workloads: 'multiply is no process of its own',
  sidecars: 'there is no Envoy',
  identity: 'there are no keys',
  authorization: 'there is no OPA',
}

/** What is there from the chapter on in which a section is on. */
function since(section: keyof typeof missing, act: Attack['attempt']): Attack['attempt'] {
  return async world => (world.mesh[section] ? act(world) : nothingThere(missing[section]))
}

/** Pods keep their loopback to themselves; processes of one machine do not. */
const podsOnly = (from: string, natively: Doors): Pick<Attack, 'doors' | 'native'> => ({
  doors: { [from]: 'pod' },
  native: natively,
})

interface PortAttack extends Pick<Attack, 'name' | 'tried' | 'doors' | 'native'> {
  /** What must be on, so that somebody listens there. */
  section?: keyof typeof missing
  pod(world: World): string
  port: number
  /** What is done at the address, if it can be reached. */
  act(world: World, address: string): Promise<Seen>
}

/** The same port is tried from inside the pod, where it must be open, and from elsewhere. */
function atPort({ name, tried, section, pod, port, act, ...doors }: PortAttack): Attack {
  const whenThere = (act: Attack['attempt']) => (section ? since(section, act) : act)
  return {
    name,
    tried,
    control: 'inside the pod somebody listens there',
    allowed: whenThere(async world => {
      const saw = await (await world.inside(pod(world))).connect(`${world.loopback(pod(world))}:${port}`)
      return { door: saw === 'open' ? 'open' : 'pod', saw }
    }),
    attempt: whenThere(async world => {
      const address = `${world.host(pod(world))}:${port}`
      const saw = await world.elsewhere.connect(address)
      return saw === 'open' ? act(world, address) : { door: 'pod', saw }
    }),
    ...doors,
  }
}

/** Asks over HTTP; whoever answers anything but 200 is the guard. */
async function request(
  { elsewhere }: World,
  url: string,
  method: string,
  guard: 'Envoy' | 'OPA',
): Promise<Seen> {
  const answer = await elsewhere.ask(url, method)
  if ('error' in answer) throw new Error(`${method} ${url}: ${answer.error}`)
  return { door: answer.status === 200 ? 'open' : guard, saw: `${answer.status}` }
}

/** Calls multiply in plain text where nobody but its neighbours should. */
async function callPlainly(world: World, address: string, headers: Record<string, string> = {}) {
  return judgeCall(await world.elsewhere.call(address, 'plain text', headers))
}

const multiply = () => 'multiply'
const application = (world: World) => world.application

export const reachAttacks: AttackGroup = {
  title: 'Past the sidecar',
  intro: 'A program in another pod tries what is meant for the inside of a pod only.',
  attacks: [
    atPort({
      name: "multiply's application port",
      tried: 'called over gRPC on port 50051, with neither certificate nor token',
      section: 'workloads',
      pod: multiply,
      port: ports.grpc,
      act: callPlainly,
      doors: { '02-services': 'open', '03-envoy': 'pod' },
      native: { '02-services': 'open' },
    }),
    atPort({
      name: "the calculator's application port",
      tried: 'asked over HTTP on port 8080, without a token',
      pod: application,
      port: ports.http,
      act: async (world, address) => {
        const answer = await world.elsewhere.ask(`http://${address}${sum}`)
        if ('error' in answer) throw new Error(answer.error)
        return judge(answer)
      },
      doors: { '01-monolith': 'application', '03-envoy': 'pod' },
      native: { '01-monolith': 'application', '05-jwt': 'Envoy' },
    }),
    atPort({
      name: "the calculator's way out",
      tried:
        "multiply is called through the outbound listener of calculator's sidecar, which shows calculator's certificate for whoever asks",
      section: 'sidecars',
      pod: application,
      port: ports.outbound,
      act: async (world, address) =>
        callPlainly(world, address, { authorization: `Bearer ${await world.token('alice')}` }),
      ...podsOnly('03-envoy', { '03-envoy': 'open' }),
    }),
    {
      name: "another pod's private key",
      tried: "calculator's is looked for beside add's Envoy",
      control: "add's own is found there",
      allowed: since('identity', async world => found(await world.lookForKey('add'))),
      attempt: since('identity', async world => found(await world.lookForKey('calculator'))),
      ...podsOnly('04-mtls', { '04-mtls': 'open' }),
    },
    atPort({
      name: "reading Envoy's admin",
      tried: '`GET /config_dump` on port 15000',
      section: 'sidecars',
      pod: multiply,
      port: ports.admin,
      act: (world, address) => request(world, `http://${address}/config_dump`, 'GET', 'Envoy'),
      ...podsOnly('03-envoy', { '03-envoy': 'open' }),
    }),
    atPort({
      name: 'changing Envoy by its admin',
      tried: '`POST /quitquitquit` and `/logging` on port 15000',
      section: 'sidecars',
      pod: multiply,
      port: ports.admin,
      act: (world, address) =>
        anyOf(
          ...['/quitquitquit', '/logging?level=debug'].map(
            path => () => request(world, `http://${address}${path}`, 'POST', 'Envoy'),
          ),
        ),
      ...podsOnly('03-envoy', { '03-envoy': 'Envoy' }),
    }),
    atPort({
      name: 'asking OPA for a decision',
      tried: 'a connection to port 9191, where Envoy asks',
      section: 'authorization',
      pod: multiply,
      port: ports.opa,
      act: async () => ({ door: 'open', saw: 'open' }),
      ...podsOnly('06-opa', { '06-opa': 'open' }),
    }),
    atPort({
      name: "reading and changing OPA's policies",
      tried: '`GET /v1/data` and `DELETE /v1/policies/policy.rego` on port 8181',
      section: 'authorization',
      pod: multiply,
      port: ports.opaApi,
      act: (world, address) =>
        anyOf(
          () => request(world, `http://${address}/v1/data`, 'GET', 'OPA'),
          () => request(world, `http://${address}/v1/policies/policy.rego`, 'DELETE', 'OPA'),
        ),
      ...podsOnly('06-opa', { '06-opa': 'OPA' }),
    }),
  ],
}

function found(isThere: boolean): Seen {
  return isThere ? { door: 'open', saw: 'it is there' } : { door: 'pod', saw: 'it is not there' }
}
