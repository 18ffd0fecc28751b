/** The same, but it is done once for each name, and remembered. */
export function once<T>(act: (name: string) => T | Promise<T>): (name: string) => Promise<T> {
  const done = new Map<string, Promise<T>>()
  return name => {
    const before = done.get(name)
    if (before) return before
    const now = Promise.resolve(act(name))
    done.set(name, now)
    return now
  }
}
