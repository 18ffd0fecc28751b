import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf'
import { bare, notesOf } from '../annotated.ts'

/** A key of a built object. */
export interface Field {
  /** The message that it is a key of. */
  message: DescMessage
  key: string
  /** What Envoy knows about it, if anything. */
  known: DescField | undefined
  value: unknown
  /** `static_resources.listeners[0].name` */
  path: string
  /** Where mesh.yaml asks for it, or for what it is in. */
  source: string[]
}

const any = 'google.protobuf.Any'

/**
 * Calls the visitor with each field of a message and of all messages in it, the outer ones first. An `@type` that nobody
 * knows is a field that nobody knows.
 */
export function visitFields(
  registry: Registry,
  message: DescMessage,
  value: unknown,
  visitor: (field: Field) => void,
): void {
  visitMessage(message, value, '', [])

  function visitMessage(declared: DescMessage, annotated: unknown, path: string, outer: string[]): void {
    const value = bare(annotated)
    if (typeof value !== 'object' || value === null) return
    const source = notesOf(annotated).source ?? outer
    const entries = value as Record<string, unknown>
    const isAny = declared.typeName === any
    const message = isAny ? messageNamed(entries['@type']) : declared
    if (!message) {
      const [key, type] = ['@type', entries['@type']]
      visitor({ message: declared, key, known: undefined, value: type, path: `${path}.${key}`, source })
      return
    }
    for (const key in entries) {
      if (isAny && key === '@type') continue
      const value = entries[key]
      const known = fieldNamed(message, key)
      const field = { message, key, known, value, path: path ? `${path}.${key}` : key }
      const inner = notesOf(value).source ?? source
      visitor({ ...field, source: inner })
      if (known && hasFields(known)) visitField(known, value, field.path, inner)
    }
  }

  /** @param type  `type.googleapis.com/` and the message's name */
  function messageNamed(type: unknown): DescMessage | undefined {
    return registry.getMessage(String(type).replace(/^.*\//, ''))
  }

  function visitField(field: DescField, annotated: unknown, path: string, outer: string[]): void {
    const value = bare(annotated)
    const source = notesOf(annotated).source ?? outer
    if (field.fieldKind === 'message') {
      visitMessage(field.message, annotated, path, source)
    } else if (typeof value === 'object' && value !== null) {
      for (const [index, item] of Object.entries(value)) {
        visitMessage(field.message!, item, `${path}[${index}]`, source)
      }
    }
  }
}

/** Whether a field's value is made of fields again; most of Google's own messages are written as one value in JSON. */
export function hasFields({ message }: DescField): boolean {
  if (!message) return false
  return message.typeName === any || !message.typeName.startsWith('google.protobuf.')
}

const namedFields = new WeakMap<DescMessage, Map<string, DescField>>()

function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  let fields = namedFields.get(message)
  if (!fields) {
    fields = new Map(message.fields.map(field => [field.name, field]))
    namedFields.set(message, fields)
  }
  return fields.get(name)
}
