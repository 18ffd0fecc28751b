import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { type Decision, decisionOf, noDecision, type OpaResult } from './decision.ts'

/** Each request decided on by itself, all of them in one run of OPA; one without a decision is left out. */
const query =
  '{i: decision | some i, request in input; decision := data.authz.decision with input as request}'

/**
 * Asks a policy, as OPA beside an Envoy would be asked.
 * @param opa     the program
 * @param folder  of the policy and its data
 * @param inputs  what Envoy would tell it
 * @throws CliError `tool_failed`, with OPA's own words, if it cannot load or evaluate the policy
 */
export async function askPolicy(opa: string, folder: string, inputs: object[]): Promise<Decision[]> {
  const options = ['--format', 'json', '--stdin-input', '--data', folder, '--ignore', '*_test.rego']
  const { stdout, stderr } = await execa(opa, ['eval', ...options, query], {
    input: JSON.stringify(inputs),
    reject: false,
  })
  const { result, errors } = parsed(stdout) ?? { errors: [{ message: stderr }] }
  if (errors) throw new CliError('tool_failed', `OPA cannot decide: ${errors.map(inWords).join('\n')}`)
  const decisions = result?.[0]?.expressions[0]?.value ?? {}
  return inputs.map((_, index) =>
    decisions[index] ? decisionOf(decisions[index]) : noDecision('the policy is undefined for this'),
  )
}

/** The part that we read of what `opa eval` prints. */
interface Evaluated {
  result?: { expressions: { value: Record<string, OpaResult> }[] }[]
  errors?: OpaError[]
}

interface OpaError {
  message: string
  code?: string
  location?: { file: string; row: number }
}

function inWords({ message, code, location }: OpaError): string {
  return [location?.file && `${location.file}:${location.row}: `, code && `${code}: `, message]
    .filter(Boolean)
    .join('')
}

function parsed(text: string): Evaluated | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
