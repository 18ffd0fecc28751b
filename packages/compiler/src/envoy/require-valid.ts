import { type DescMessage, fromJson, type JsonValue } from '@bufbuild/protobuf'
import { bare, plain } from '../annotated.ts'
import { MeshError, type MeshErrorCode } from '../error.ts'
import { suggest } from '../nearest.ts'
import type { EnvoyApi } from './envoy-api.ts'
import { type Field, hasFields, visitFields } from './visit-fields.ts'

export { type EnvoyApi, envoyApi } from './envoy-api.ts'

/**
 * Checks what an Envoy is told: every key must be one of Envoy's, none deprecated, and every value of its type.
 * @param message  what it is to be: `bootstrap` or `discoveryResponse` of the API
 * @param file     its name, for messages
 * @param content  may be annotated
 * @param placeOf  where a part of the definition stands (`mesh.yaml:12:5`)
 * @throws MeshError `unknown_field`, `deprecated_field` or `wrong_value`, at the place that led to it
 */
export function requireValid(
  { registry }: EnvoyApi,
  message: DescMessage,
  file: string,
  content: unknown,
  placeOf: (source: string[]) => string,
): void {
  visitFields(registry, message, content, requireKnown)
  const problem = problemOf(message, content)
  if (problem === undefined) return
  visitFields(registry, message, content, requireType)
  throw new MeshError('wrong_value', file, problem, 'Several keys do not go together.')

  function requireKnown(field: Field): void {
    const { message, key, known, value } = field
    if (!known && key === '@type') {
      fail(
        field,
        'unknown_field',
        `there is no message ${value}`,
        "Its name stands in Envoy's documentation.",
      )
    }
    if (!known) {
      const names = message.fields.map(({ name }) => name)
      fail(field, 'unknown_field', `${message.typeName} has no field "${key}"`, suggest(key, names, 'fields'))
    }
    const choice = known.enum?.values.find(({ name }) => name === plain(value))
    if (known.deprecated || choice?.deprecated) {
      const what = known.deprecated ? `${message.typeName} has it still, but` : `the value ${choice!.name}`
      fail(
        field,
        'deprecated_field',
        `${what} it is deprecated`,
        "Envoy's documentation says what to use instead.",
      )
    }
  }

  function requireType(field: Field): void {
    const { message, key, known, value } = field
    if (!known) return
    const inside = bare(value)
    const hasShape = typeof inside === 'object' && Array.isArray(inside) === (known.fieldKind === 'list')
    if (hasFields(known) && hasShape) return // what is in it is visited, too
    const problem = problemOf(message, { [key]: value })
    if (problem) fail(field, 'wrong_value', problem, `See ${message.typeName} in Envoy's documentation.`)
  }

  function problemOf(message: DescMessage, value: unknown): string | undefined {
    try {
      fromJson(message, plain(value) as JsonValue, { registry })
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }

  function fail({ path, source }: Field, code: MeshErrorCode, problem: string, hint: string): never {
    throw new MeshError(code, placeOf(source), `${file}, ${path}: ${problem}`, hint)
  }
}
