/** The value that this share of the values do not exceed; between two of them, in proportion. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

export function median(values: number[]): number {
  return quantile(values, 0.5)
}

/** A number that was measured several times. */
export interface Measured {
  median: number
  least: number
  most: number
}

export function measured(values: number[]): Measured {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

/**
 * How many times as much `of` is as `to`: the median over pairs of neighbours in time, since the machine may be slower for a
 * while, and then for both.
 */
export function ratio(of: number[], to: number[]): number {
  return median(ratios(of, to))
}

/**
 * By how much, as a share, the ratio of two runs of one and the same thing may differ from 1 by chance: the farther end of the
 * interval that holds the true median of their pairs of neighbours in 95 of 100 cases. A difference that is not larger is
 * nothing to speak of.
 */
export function noise(one: number[], same: number[]): number {
  const sorted = ratios(one, same).toSorted((a, b) => a - b)
  const out = leftOut(sorted.length)
  const ends = [sorted.at(out)!, sorted.at(-1 - out)!]
  return Math.max(...ends.map(value => Math.max(value, 1 / value) - 1))
}

/**
 * How many of the lowest and of the highest values are left out, so that the others still enclose the true median in 95 of 100
 * cases: of ten one each, of eight or fewer none (the sign test; each value is as likely below the median as above it).
 */
function leftOut(count: number): number {
  let [out, coefficient] = [-1, 1] // the binomial coefficient: how many ways to have so many below the median
  let tail = coefficient / 2 ** count
  while (tail <= 0.025) {
    out++
    coefficient *= (count - out) / (out + 1)
    tail += coefficient / 2 ** count
  }
  return Math.max(0, out)
}

function ratios(of: number[], to: number[]): number[] {
  return of.map((value, index) => value / to[index]!)
}
