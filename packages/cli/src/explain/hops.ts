import { computeMethod, type OperationName, operationNames } from '@hardway/api'
import { type Expression, parseExpression } from '@hardway/calculator/expression'
import type { Mesh } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { segmentsOf } from './path.ts'

/** One pod asks another, on its way or at its door: each is decided on by the policy of the pod that is asked. */
export interface Hop {
  /** The workload that calls; nobody in front of the gateway, where no certificate is shown. */
  from?: string
  to: string
  method: string
  path: string
}

/** What a person asks the calculator for. */
export interface Asked {
  method: string
  path: string
  /** What is sent, as JSON. */
  body?: string | undefined
}

/** The way of a request through the mesh, in order. @throws CliError `bad_question` */
export function hopsOf(mesh: Mesh, asked: Asked): Hop[] {
  const [entry] = mesh.gateway!.calls
  const { method, path } = asked
  return [
    { to: 'gateway', method, path },
    { from: 'gateway', to: entry!, method, path },
    ...operationsOf(asked).map(operation => ({ from: entry!, to: operation, ...compute(operation) })),
  ]
}

/**
 * One hop only: what it asks for there is what the request of a person makes it ask for.
 * @param from  the workload that calls; whoever does in mesh.yaml, if left out
 * @param to    the workload that is asked; the last that the request reaches, if left out
 * @throws CliError `unknown_name`, `bad_question`
 */
export function hopBetween(
  mesh: Mesh,
  asked: Asked,
  from: string | undefined,
  to = hopsOf(mesh, asked).at(-1)!.to,
): Hop {
  const callers = Object.entries({ gateway: mesh.gateway!, ...mesh.workloads })
  const known = callers.map(([name]) => name)
  for (const name of [from, to]) {
    if (name === undefined || known.includes(name)) continue
    throw new CliError('unknown_name', `There is no workload "${name}". There are: ${known.join(', ')}.`)
  }
  const caller = from ?? callers.find(([, { calls = [] }]) => calls.includes(to))?.[0]
  const operation = operationNames.find(name => name === to)
  const isCall = /^\/[\w.]+\.\w+\/\w+$/.test(asked.path) // /package.Service/Method: said outright
  return {
    ...(caller === undefined ? {} : { from: caller }),
    to,
    ...(operation && !isCall ? compute(operation) : { method: asked.method, path: asked.path }),
  }
}

/** What an operation is asked for. */
function compute(operation: OperationName): { method: string; path: string } {
  return { method: 'POST', path: computeMethod(operation).path }
}

/** The operations that the calculator asks for a request, each once. */
function operationsOf({ method, path, body }: Asked): OperationName[] {
  const [name, ...more] = segmentsOf(path)
  if (more.length > 0) return []
  if (name === 'evaluate')
    return method === 'POST' && body !== undefined ? operationsIn(expressionIn(body)) : []
  // To another method the calculator says 405, and asks nobody.
  return operationNames.filter(operation => operation === name && ['GET', 'HEAD'].includes(method))
}

/** What of a body is calculated, read by the calculator's own parser. */
function expressionIn(body: string): Expression {
  try {
    const { expression } = JSON.parse(body)
    if (typeof expression !== 'string') throw new TypeError('it has no text named expression')
    return parseExpression(expression)
  } catch (error) {
    throw new CliError(
      'bad_question',
      `The calculator would answer 400 to this body: ${(error as Error).message}\n` +
        `Write it as in: --body '{"expression":"2*3"}'`,
    )
  }
}

function operationsIn(expression: Expression): OperationName[] {
  if (!('operation' in expression)) return []
  const { a, operation, b } = expression
  return [...new Set([...operationsIn(a), ...operationsIn(b), operation])]
}
