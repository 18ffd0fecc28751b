import type { Decimal } from '@hardway/api'

/** a + b, exactly. */
export const add = (a: Decimal, b: Decimal): Decimal => a.plus(b)
