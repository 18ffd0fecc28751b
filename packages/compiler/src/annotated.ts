const notes = Symbol('notes')

/** How a value is written into a file that people read. */
export interface Notes {
  /** Behind it, on its line. */
  comment?: string
  /** Above it, after an empty line. */
  paragraph?: string
  /** An empty line comes before it. */
  apart?: boolean
  /** All of it on one line. */
  flow?: boolean
  /** Where mesh.yaml asks for it: `['sidecars', 'timeout']`. */
  source?: string[]
}

/** A value of a generated file, with what is said about it. */
export interface Annotated {
  [notes]: Notes
  value: unknown
}

/** A value with a comment behind it, on its line. */
export function commented(value: unknown, comment: string): Annotated {
  return annotated(value, { comment })
}

/** Entries of a map that belong together, under a comment of their own. */
export function paragraph(text: string, entries: Record<string, unknown>): Record<string, unknown> {
  const [[key, value] = ['', undefined], ...others] = Object.entries(entries)
  return { [key]: annotated(value, { paragraph: text }), ...Object.fromEntries(others) }
}

/** A whole file, under a comment of its own. */
export function titled(text: string, value: unknown): Annotated {
  return annotated(value, { paragraph: text })
}

/** A value after an empty line. */
export function apart(value: unknown): Annotated {
  return annotated(value, { apart: true })
}

/** Items with an empty line between each two. */
export function spaced(items: unknown[]): unknown[] {
  return items.map((item, index) => (index === 0 ? item : apart(item)))
}

/** A map or a list on one line. */
export function flow(value: unknown): Annotated {
  return annotated(value, { flow: true })
}

/** A value that mesh.yaml asks for. */
export function from(source: string[], value: unknown): Annotated {
  return annotated(value, { source })
}

function annotated(value: unknown, added: Notes): Annotated {
  return { [notes]: { ...notesOf(value), ...added }, value: bare(value) }
}

const none: Notes = {}

/** What is said about a value. */
export function notesOf(value: unknown): Notes {
  return isAnnotated(value) ? value[notes] : none
}

/** The value itself; what is in it may be annotated still. */
export function bare(value: unknown): unknown {
  return isAnnotated(value) ? value.value : value
}

/** The value as a program reads it: without any notes, at any depth. */
export function plain(annotated: unknown): unknown {
  const value = bare(annotated)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, plain(value)]))
}

function isAnnotated(value: unknown): value is Annotated {
  return typeof value === 'object' && value !== null && notes in value
}
