/** What checks of one kind came to. */
export interface Outcome {
  passed: number
  skipped: number
  /** What failed, each in a few words. */
  failures: string[]
}

export function total(outcomes: Outcome[]): Outcome {
  const sum = (count: (outcome: Outcome) => number) =>
    outcomes.reduce((value, outcome) => value + count(outcome), 0)
  return {
    passed: sum(({ passed }) => passed),
    skipped: sum(({ skipped }) => skipped),
    failures: outcomes.flatMap(({ failures }) => failures),
  }
}

/** The last line of `./mesh test`. */
export function summary({ passed, failures, skipped }: Outcome): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
