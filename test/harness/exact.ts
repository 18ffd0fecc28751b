/**
 * Decimal arithmetic of another kind than the calculator's, to judge it by: a whole number of 10^-scale, in BigInt.
 */
export interface Exact {
  units: bigint
  scale: number
}

/** Reads plain notation. */
export function exact(text: string): Exact {
  const [whole = '', fraction = ''] = text.split('.')
  return { units: BigInt(whole + fraction), scale: fraction.length }
}

export const operators = {
  add: { symbol: '+', compute: (a: Exact, b: Exact) => aligned(a, b, (x, y) => x + y) },
  subtract: { symbol: '-', compute: (a: Exact, b: Exact) => aligned(a, b, (x, y) => x - y) },
  multiply: {
    symbol: '*',
    compute: (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, scale: a.scale + b.scale }),
  },
}

function aligned(a: Exact, b: Exact, compute: (x: bigint, y: bigint) => bigint): Exact {
  const scale = Math.max(a.scale, b.scale)
  const units = (value: Exact) => value.units * 10n ** BigInt(scale - value.scale)
  return { units: compute(units(a), units(b)), scale }
}

/** In plain notation, without zeros that say nothing. */
export function plain({ units, scale }: Exact): string {
  const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}
