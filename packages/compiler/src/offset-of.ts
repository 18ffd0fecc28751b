import { type Document, isCollection, isMap, isNode, isScalar } from 'yaml'

/** Where a part of a definition begins: its key or list item, or the last part of the path that is there. */
export function offsetOf(document: Document, path: string[]): number {
  let position = document.contents?.range?.[0] ?? 0
  let node: unknown = document.contents
  for (const key of path) {
    if (!isCollection(node)) break
    const pair =
      isMap(node) && node.items.find(({ key: name }) => isScalar(name) && String(name.value) === key)
    const next = pair ? pair.value : node.get(key, true)
    const start = pair ? pair.key : next
    if (!isNode(start) || !start.range) break
    position = start.range[0]
    node = next
  }
  return position
}
