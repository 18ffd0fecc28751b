import { Big } from 'big.js'

/** An exact decimal number. `toFixed()` gives it in plain notation. */
export type Decimal = Big

/** The longest text that is taken for an operand, in characters. */
export const longestOperand = 256

/** A text that is not a decimal; the message completes a sentence that begins with its name. */
export class DecimalError extends Error {
  override name = 'DecimalError'
}

const plain = /^-?\d+(\.\d+)?$/

/**
 * Reads a decimal in plain notation, such as `-12.50`; no exponent, no bare dot, no plus sign.
 * @param longest  the most characters allowed
 * @throws DecimalError
 */
export function parseDecimal(text: string, longest = longestOperand): Decimal {
  if (text === '') throw new DecimalError('is empty; a decimal such as -12.50 is expected')
  if (text.length > longest) {
    throw new DecimalError(`has ${text.length} characters; at most ${longest} are allowed`)
  }
  if (!plain.test(text)) {
    throw new DecimalError('is not a decimal in plain notation, such as -12.50')
  }
  return new Big(text)
}
