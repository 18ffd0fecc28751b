import { type Document, isMap, isScalar, parseDocument, Scalar, visit } from 'yaml'
import { IdentityServiceError } from '../error.ts'

/** Where a value stands in a text. */
type Place = readonly [start: number, end: number]

/**
 * Puts the JWT keys into an Envoy file: every provider of jwt_authn gets them as its `local_jwks.inline_string`. All else
 * stays to the letter. Envoy reads `local_jwks` only once, so the whole filter comes from this file, which it watches
 * (`config_discovery` with `path_config_source`).
 * @param text  YAML, checked before with {@link requireKeyPlaces}
 * @param jwks  JSON
 */
export function renderJwtAuthn(text: string, jwks: string): string {
  const keys = `'${JSON.stringify(JSON.parse(jwks)).replaceAll("'", "''")}'`
  return keyPlaces(parseDocument(text)).reduceRight(
    (rest, [start, end]) => rest.slice(0, start) + keys + rest.slice(end),
    text,
  )
}

/** @throws {IdentityServiceError} `bad_envoy_file` if it is no YAML, or if there is no place for keys in it */
export function requireKeyPlaces(text: string, file: string): void {
  const document = parseDocument(text)
  const refuse = (problem: string) => new IdentityServiceError('bad_envoy_file', `${file}: ${problem}`)
  const [syntax] = document.errors
  if (syntax) throw refuse(`it is no YAML: ${syntax.message.split('\n')[0]!.replace(/:$/, '')}`)
  if (keyPlaces(document).length === 0) {
    throw refuse(`no provider has local_jwks: { inline_string: '{"keys":[]}' }, so the keys have no place`)
  }
}

/** The `local_jwks.inline_string` of every provider, in the order of the text. */
function keyPlaces(document: Document): Place[] {
  const places: Place[] = []
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'providers' || !isMap(value)) return
      for (const { value: provider } of value.items) {
        const place = isMap(provider) && inlinePlace(provider.getIn(['local_jwks', 'inline_string'], true))
        if (place) places.push(place)
      }
    },
  })
  return places
}

/** Of a text on one line; a block would need its own indent. */
function inlinePlace(node: unknown): Place | undefined {
  if (!isScalar(node) || !node.range) return undefined
  if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) return undefined
  return [node.range[0], node.range[1]]
}
