export const durationPattern = '^[1-9][0-9]*(s|m|h)$'

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600 }
const longest = 8760 * 3600

/**
 * Reads a duration such as `10s`, `5m` or `24h`; at most a year.
 * @returns whole seconds; undefined if it is none
 */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9][0-9]*)(s|m|h)$/.exec(text) ?? []
  if (!count || !unit) return undefined
  const value = Number(count) * seconds[unit]!
  return value <= longest ? value : undefined
}

/** In the largest unit that leaves it whole: 3600 is `1h`. */
export function renderDuration(value: number): string {
  if (value % 3600 === 0) return `${value / 3600}h`
  return value % 60 === 0 ? `${value / 60}m` : `${value}s`
}
