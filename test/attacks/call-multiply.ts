import { ports } from '@hardway/compiler/pod'
import { nothingThere, type Seen } from './attack.ts'
import type { CallAnswer, Shown } from './attacker.ts'
import { refusal, short } from './front-door.ts'
import type { World } from './world.ts'

/** Where other pods call multiply: at its sidecar, as soon as it has one. Nowhere while it is no process of its own. */
function addressOfMultiply({ mesh, host }: World): string | undefined {
  if (!mesh.workloads) return undefined
  return `${host('multiply')}:${mesh.sidecars ? ports.inbound : ports.grpc}`
}

/**
 * Calls multiply past the calculator.
 * @param shown    the certificate; before chapter 04 nobody asks for one, so the call goes out as plain text
 * @param headers  besides alice's token, from chapter 05 on; an empty authorization stands for none
 */
export async function callMultiply(
  world: World,
  shown: Shown,
  headers: Record<string, string> = {},
): Promise<Seen> {
  const address = addressOfMultiply(world)
  if (!address) return nothingThere('multiply is no process of its own')
  const how = world.mesh.identity ? shown : 'plain text'
  const token = world.mesh.jwt ? { authorization: `Bearer ${await world.token('alice')}` } : {}
  const { authorization, ...others } = { ...token, ...headers }
  const sent = authorization ? { ...others, authorization } : others
  const answer = await world.elsewhere.call(address, how, sent)
  if ('refused' in answer && answer.refused === 'UNAVAILABLE') {
    const saw = how === 'plain text' ? 'no TLS' : await world.elsewhere.knock(address, how)
    if (saw === 'served') throw new Error(`the handshake was well, and then: ${answer.says}`)
    return { door: 'Envoy', saw }
  }
  return judgeCall(answer)
}

/**
 * What the answer to a call means for whoever wanted it to be computed. A problem in the message is OPA's. Envoy writes plain
 * words there, and the application has nothing against any caller.
 */
export function judgeCall(answer: CallAnswer): Seen {
  if ('value' in answer) return { door: 'open', saw: answer.value }
  const { refused, says } = answer
  const { door, detail } = says.startsWith('{') ? refusal(says) : ({ door: 'Envoy', detail: says } as const)
  return { door, saw: `${refused}: ${short(detail)}` }
}
