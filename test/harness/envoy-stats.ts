/**
 * A number that an Envoy counts.
 * @param admin  the host of its admin
 * @param name   such as `http.inbound.downstream_rq_total`
 */
export async function envoyStat(admin: string, name: string): Promise<number> {
  const response = await fetch(`http://${admin}:15000/stats?filter=^${name.replaceAll('.', '\\.')}$`)
  const [, value] = (await response.text()).split(': ')
  if (value === undefined) throw new Error(`Envoy at ${admin} does not count ${name}`)
  return Number(value)
}
