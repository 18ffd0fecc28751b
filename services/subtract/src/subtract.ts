import type { Decimal } from '@hardway/api'

/** a - b, exactly. */
export const subtract = (a: Decimal, b: Decimal): Decimal => a.minus(b)
