import type { ZipkinSpan } from './span.ts'

/** A span, and those that it caused, in the order in which they began. */
export interface Branch {
  span: ZipkinSpan
  below: Branch[]
}

/** The spans that nobody here caused, each with what it caused: one, if all have arrived. */
export function treeOf(trace: ZipkinSpan[]): Branch[] {
  const ids = new Set(trace.map(({ id }) => id))
  const inOrder = trace.toSorted((a, b) => a.timestamp - b.timestamp)
  const branch = (span: ZipkinSpan): Branch => ({
    span,
    below: inOrder.filter(({ parentId }) => parentId === span.id).map(branch),
  })
  return inOrder.filter(({ parentId }) => parentId === undefined || !ids.has(parentId)).map(branch)
}

/** One line for each span, below the one that caused it: who did what, when it began, how long it took, and what went wrong. */
export function showTree(roots: Branch[]): string[] {
  const start = roots[0]?.span.timestamp ?? 0
  const rows = roots.flatMap(root => rowsOf(root, 0))
  const width = Math.max(0, ...rows.map(({ text }) => text.length))
  return rows.map(({ text, span }) => {
    const times = [span.timestamp - start, span.duration].map(milliseconds)
    return `${text.padEnd(width)}  ${times.join('  ')}  ${trouble(span)}`.trimEnd()
  })
}

function rowsOf({ span, below }: Branch, depth: number): { text: string; span: ZipkinSpan }[] {
  const text = `${'  '.repeat(depth)}${span.localEndpoint.serviceName}: ${span.name}`
  return [{ text, span }, ...below.flatMap(branch => rowsOf(branch, depth + 1))]
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(1)} ms`.padStart(10)
}

/** Why it was refused, or what failed. */
function trouble({ tags = {} }: ZipkinSpan): string {
  const { error, reason, details = '' } = tags
  const refused = details.startsWith('jwt_authn_access_denied') ? details : undefined
  return reason ?? refused ?? (error === 'true' ? tags.response_flags : error) ?? ''
}
