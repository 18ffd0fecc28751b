const units = { s: 1, m: 60, h: 3600 }

/** The seconds of a lifetime as mesh.yaml writes it: `24h`. */
export function seconds(lifetime: string): number {
  const [, number, unit] = /^(\d+)([smh])$/.exec(lifetime)!
  return Number(number) * units[unit as keyof typeof units]
}

/** The milliseconds of a duration as mesh.yaml writes it, such as 0.25s; at least one. */
export function milliseconds(duration: string): number {
  return Math.max(1, Math.round(Number.parseFloat(duration) * 1000))
}
