import leven, { closestMatch } from 'leven'

/** What may have been meant by a name that nobody knows: one that differs by a slip or two. */
export function nearest(name: string, known: string[]): string | undefined {
  const found = closestMatch(name, known)
  const slips = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)) // two letters that changed places are two
  return found !== undefined && leven(name, found) <= slips ? found : undefined
}

/** A hint: what may have been meant, or everything that is known. */
export function suggest(name: string, known: string[], many: string): string {
  const found = nearest(name, known)
  return found ? `Did you mean "${found}"?` : `The ${many} are: ${known.join(', ')}.`
}
