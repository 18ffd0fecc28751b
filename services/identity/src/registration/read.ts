import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { IdentityError, isMember, parseSpiffeId, parseTrustDomain, type TrustDomain } from '@hardway/identity'
import type { TLocalizedValidationError } from 'typebox/error'
import { Errors } from 'typebox/schema'
import { parseDocument } from 'yaml'
import { requireKeyPlaces } from '../envoy/jwt-authn.ts'
import { IdentityServiceError, oneLine } from '../error.ts'
import { parseDuration } from './duration.ts'
import { RegistrationFile } from './schema.ts'

/** How long things of one kind live, in seconds. */
export interface Lives {
  authorityTtl: number
  svidTtl: number
}

/** A pod, and who it is. */
export interface RegisteredPod {
  pod: string
  id: string
}

/** Who is to get which SVID, and for how long. */
export interface Registration {
  trustDomain: TrustDomain
  x509: Lives
  jwt?: Lives & { audience: string }
  /** The text of an Envoy file that waits for the JWT keys. */
  jwtAuthn?: string
  pods: readonly RegisteredPod[]
}

type Refuse = (path: string, problem: string) => IdentityServiceError

/**
 * Reads a registration file.
 * @throws {IdentityServiceError} `bad_registration` with the file and the path of the first field that is wrong;
 *   `bad_envoy_file`
 */
export function readRegistration(path: string): Registration {
  const refuse: Refuse = (field, problem) =>
    new IdentityServiceError('bad_registration', `${path}: ${field ? `${field}: ` : ''}${problem}`)
  const file = parseFile(readText(path, refuse), refuse)
  const trustDomain = inField('trust_domain', refuse, () => parseTrustDomain(file.trust_domain))
  requirePods(file, trustDomain, refuse)
  const jwtAuthn = readJwtAuthn(path, file, refuse)
  return {
    trustDomain,
    x509: lives(file.x509, 'x509', refuse),
    ...(file.jwt && { jwt: { ...lives(file.jwt, 'jwt', refuse), audience: file.jwt.audience } }),
    ...(jwtAuthn !== undefined && { jwtAuthn }),
    pods: file.svids,
  }
}

function readText(path: string, refuse: Refuse): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw refuse('', `cannot be read (${(error as NodeJS.ErrnoException).code}); IDENTITY_CONFIG names it`)
  }
}

function parseFile(text: string, refuse: Refuse): RegistrationFile {
  const document = parseDocument(text)
  const [syntax] = [...document.errors, ...document.warnings]
  if (syntax) throw refuse('', `it is no YAML: ${syntax.message.split('\n')[0]!.replace(/:$/, '')}`)
  const content: unknown = document.toJS()
  const [, errors] = Errors(RegistrationFile, content)
  // A key that nobody knows has an error of its own besides; it comes first, for a misspelt key is also a missing one.
  const [first] = errors
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .sort((a, b) => Number(b.keyword === 'boolean') - Number(a.keyword === 'boolean'))
  if (first) throw shapeError(first, refuse)
  return content as RegistrationFile
}

function shapeError(error: TLocalizedValidationError, refuse: Refuse): IdentityServiceError {
  const field = fieldName(error.instancePath)
  if (error.keyword === 'boolean') return refuse(field, 'there is no such key')
  const { description = '' } = schemaAt(error.schemaPath)
  const problem =
    error.keyword === 'required'
      ? `has no "${error.params.requiredProperties[0]}"`
      : error.keyword === 'pattern'
        ? 'is not written as it should be'
        : error.message
  return refuse(field, `${problem}. ${description}`.trim())
}

/** `/svids/1/id` as `svids[1].id`. */
function fieldName(pointer: string): string {
  return pointer
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
}

function schemaAt(pointer: string): { description?: string } {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<object>((schema, key) => (schema as Record<string, object>)[key]!, RegistrationFile)
}

function lives(file: { authority_ttl: string; svid_ttl: string }, kind: string, refuse: Refuse): Lives {
  const seconds = (key: 'authority_ttl' | 'svid_ttl') => {
    const value = parseDuration(file[key])
    if (value === undefined) throw refuse(`${kind}.${key}`, 'is longer than a year (8760h)')
    return value
  }
  const authorityTtl = seconds('authority_ttl')
  const svidTtl = seconds('svid_ttl')
  if (authorityTtl >= 2 * svidTtl) return { authorityTtl, svidTtl }
  // An authority is replaced at half of its life: what it signs just before that must end before it does.
  throw refuse(`${kind}.svid_ttl`, `is ${file.svid_ttl}; at most half of authority_ttl fits`)
}

function requirePods({ svids }: RegistrationFile, trustDomain: TrustDomain, refuse: Refuse): void {
  for (const [index, { pod, id }] of svids.entries()) {
    const parsed = inField(`svids[${index}].id`, refuse, () => parseSpiffeId(id))
    if (!isMember(parsed, trustDomain) || parsed.path === '') {
      throw refuse(`svids[${index}].id`, `${id} is no workload of ${trustDomain}`)
    }
    if (svids.findIndex(other => other.pod === pod) !== index) {
      throw refuse(`svids[${index}].pod`, `${pod} is there twice; a pod has one SVID`)
    }
  }
}

function readJwtAuthn(
  path: string,
  { jwt, jwt_authn: name }: RegistrationFile,
  refuse: Refuse,
): string | undefined {
  if (name === undefined) return undefined
  if (!jwt) throw refuse('jwt_authn', 'there are no JWT keys to fill in; write jwt too')
  const file = resolve(dirname(path), name)
  const text = readText(file, (_, problem) => refuse('jwt_authn', `${file} ${problem.replace(/;.*/, '')}`))
  requireKeyPlaces(text, file)
  return text
}

function inField<T>(field: string, refuse: Refuse, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof IdentityError) throw refuse(field, oneLine(error))
    throw error
  }
}
