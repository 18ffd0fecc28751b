import { commented } from '../annotated.ts'

const limit = 32_768

/** How much of a message a listener holds in each direction. Envoy's own is 1 MiB. */
export const listenerBufferLimit = commented(limit, '32 KiB; the largest body is 16')

/** How much a cluster holds. */
export const clusterBufferLimit = limit
