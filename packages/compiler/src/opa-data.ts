import type { Mesh, Workload } from './mesh.ts'
import { personIdOf, spiffeIdOf } from './spiffe-id.ts'

/**
 * What policies know of the mesh, as data.json: who calls whom, and who may do what, by SPIFFE ID.
 * @param mesh  with authorization, and all that it needs
 */
export function opaData({ workloads = {}, gateway, identity, authorization }: Mesh): string {
  const id = (workload: string) => spiffeIdOf(identity!, workload)
  const callers = Object.entries({ gateway: gateway!, ...workloads })
  const callersOf = (name: string) =>
    callers.filter(([, { calls = [] }]) => calls.includes(name)).map(([caller]) => id(caller))
  const known = ([name, { serves }]: [string, Workload]) => ({
    ...(serves === 'grpc' ? { operation: name } : {}),
    callers: callersOf(name),
  })
  return jsonText({
    mesh: {
      trust_domain: identity!.trust_domain,
      workloads: {
        [id('gateway')]: { callers: 'anyone' },
        ...Object.fromEntries(Object.entries(workloads).map(entry => [id(entry[0]), known(entry)])),
      },
      people: Object.fromEntries(
        Object.entries(authorization!.people).map(([name, { may }]) => [personIdOf(identity!, name), may]),
      ),
    },
  })
}

/** One line for each workload and each person. */
function jsonText({ mesh }: { mesh: Record<string, string | Record<string, unknown>> }): string {
  const lines = Object.entries(mesh).map(([key, value]) => {
    if (typeof value === 'string') return `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`
    const entries = Object.entries(value).map(
      ([id, known]) => `      ${JSON.stringify(id)}: ${inline(known)}`,
    )
    return `    ${JSON.stringify(key)}: {\n${entries.join(',\n')}\n    }`
  })
  return `{\n  "mesh": {\n${lines.join(',\n')}\n  }\n}\n`
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${inline(inner)}`)
  return `{ ${entries.join(', ')} }`
}
