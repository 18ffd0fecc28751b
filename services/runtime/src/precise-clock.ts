/** How far the two clocks may be apart, in milliseconds. One of them knows whole milliseconds only. */
const tolerance = 2

/**
 * The time in milliseconds since 1970 and their fractions. Date.now() has none, and most of what is measured here takes less than
 * one; performance.now() has them, but stands still while the machine sleeps.
 * @param wall    whole milliseconds since 1970
 * @param steady  milliseconds, and fractions, since `origin`
 */
export function preciseClock(
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
  origin: number = performance.timeOrigin,
): () => number {
  let start = origin
  return () => {
    const time = start + steady()
    const whole = wall()
    if (Math.abs(time - whole - 0.5) <= tolerance) return time
    start = whole + 0.5 - steady()
    return start + steady()
  }
}
