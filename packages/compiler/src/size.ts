const units = { MiB: 2 ** 20, GiB: 2 ** 30 }

/** The bytes of a size as mesh.yaml writes it: `256MiB`. */
export function bytes(size: string): number {
  const [, number, unit] = /^(\d+)([MG]iB)$/.exec(size)!
  return Number(number) * units[unit as keyof typeof units]
}
