import { flow } from '../annotated.ts'

/** An address, on one line. */
export function address(host: string, port: number): unknown {
  return flow({ socket_address: { address: host, port_value: port } })
}
