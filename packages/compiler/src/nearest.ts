import leven, { closestMatch } from 'leven'

/** What may have been meant by a name that nobody knows: one that differs by a slip or two. */
export function nearest(name: string, known: string[]): string | undefined {
  const found = closestMatch(name, known)
  const slips = Math.max(1, Math.floor(name.length / 3))
  return found !== undefined && leven(name, found) <= slips ? found : undefined
}

/** A hint: what may have been meant, or everything that is known. */
export function suggest(name: string, known: string[], many: string): string {
  const found = nearest(name, known)
  return found ? `Did you mean "${found}"?` : `The ${many} are: ${known.join(', ')}.`
}
