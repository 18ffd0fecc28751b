import type { TLocalizedValidationError } from 'typebox/error'
import { Errors } from 'typebox/schema'
import type { MeshErrorCode } from './error.ts'
import {
  durationPattern,
  lifetimePattern,
  Mesh,
  namePattern,
  sizePattern,
  trustDomainPattern,
} from './mesh.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'

const codes: Record<string, MeshErrorCode> = {
  type: 'wrong_type',
  enum: 'not_one_of',
  minimum: 'out_of_range',
  maximum: 'out_of_range',
  minItems: 'out_of_range',
  maxItems: 'out_of_range',
  minProperties: 'out_of_range',
}

const patternCodes: Record<string, MeshErrorCode> = {
  [namePattern]: 'bad_name',
  [durationPattern]: 'bad_duration',
  [sizePattern]: 'bad_size',
  [lifetimePattern]: 'bad_duration',
  [trustDomainPattern]: 'bad_trust_domain',
}

/** What of a schema is of interest here. */
interface Schema {
  /** What the keys of a map name. */
  title?: string
  description?: string
  properties?: Record<string, Schema>
}

/** Everything in a definition that has not the shape of one. */
export function schemaProblems(mesh: unknown): Problem[] {
  const [, errors] = Errors(Mesh, mesh)
  return errors
    .filter(({ keyword }) => keyword !== 'additionalProperties') // each key has an error of its own besides
    .map(problemOf)
}

function problemOf(error: TLocalizedValidationError): Problem {
  const path = parts(error.instancePath)
  const where = path.join('.') || 'the definition'
  if (error.keyword === 'boolean') return unknownKey(path, schemaAt(error.schemaPath, -1))
  const schema = schemaAt(error.schemaPath)
  const hint = schema.description ?? ''
  if (error.keyword === 'required') {
    const [key] = error.params.requiredProperties
    const problem = `${where} has no "${key}"`
    return { code: 'missing_key', path, problem, hint: schema.properties?.[key!]?.description ?? hint }
  }
  if (error.keyword === 'pattern') {
    const code = patternCodes[String(error.params.pattern)] ?? 'wrong_type'
    return { code, path, problem: `${where} is not written as it should be`, hint }
  }
  return { code: codes[error.keyword] ?? 'wrong_type', path, problem: `${where} ${error.message}`, hint }
}

function unknownKey(path: string[], { title, description = '', properties }: Schema): Problem {
  const key = path.at(-1)!
  if (!properties) {
    return {
      code: 'bad_name',
      path,
      problem: `"${key}" cannot be the name of a ${title}`,
      hint: description,
    }
  }
  const meant = nearest(key, Object.keys(properties))
  const where = path.slice(0, -1).join('.') || 'the definition'
  const hint = meant ? `Did you mean "${meant}"?` : description
  return { code: 'unknown_key', path, problem: `${where} has no key "${key}"`, hint }
}

/** A schema inside that of the mesh. */
function schemaAt(pointer: string, end?: number): Schema {
  const found = parts(pointer)
    .slice(0, end)
    .reduce<unknown>((schema, key) => (schema as Record<string, unknown>)[key], Mesh)
  return found as Schema
}

/** The parts of a JSON pointer (RFC 6901). */
function parts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
