import type { Mesh } from '@hardway/compiler'
import { askPolicy } from './ask-policy.ts'
import type { Hop } from './hops.ts'
import { opaInput } from './opa-input.ts'
import type { Judged } from './report.ts'

/**
 * What the policy would decide on each hop.
 * @param opa     the program
 * @param folder  of the policy and its data
 * @param mesh    with identity
 * @throws CliError `tool_failed`
 */
export async function foretell(
  opa: string,
  folder: string,
  { identity }: Mesh,
  person: string,
  hops: Hop[],
): Promise<Judged[]> {
  const inputs = hops.map(hop => opaInput(identity!, person, hop))
  const decisions = await askPolicy(opa, folder, inputs)
  return hops.map((hop, index) => ({ hop, decision: decisions[index]! }))
}
