/**
 * For whoever waits: says nothing at first, then every so often what for, and for how long already.
 * @param interval  in milliseconds
 */
export function reminder(interval: number, tell: (line: string) => void): (waitingFor: () => string) => void {
  const began = performance.now()
  let next = interval
  return waitingFor => {
    const waited = performance.now() - began
    if (waited < next) return
    next = waited + interval
    tell(`Waiting for ${waitingFor()} (${Math.round(waited / 1000)} s).`)
  }
}
