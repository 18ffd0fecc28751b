/** A message in a field that takes any: it says first what it is. Such a field is Envoy's way to be extended. */
export function typedConfig(type: string, fields: object = {}): Record<string, unknown> {
  return { '@type': `type.googleapis.com/${type}`, ...fields }
}
