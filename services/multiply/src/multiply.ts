import type { Decimal } from '@hardway/api'

/** a * b, exactly. */
export const multiply = (a: Decimal, b: Decimal): Decimal => a.times(b)
