import type { Network } from '@hardway/compiler'

/**
 * Each pod has a loopback address of its own, so that ports are the same as in containers and only addresses differ.
 * All of 127.0.0.0/8 is there on Linux, without any set-up.
 */
export const loopback: Network = {
  published: '127.0.0.1',
  listen: ({ number }) => `127.0.${number}.1`,
  dial: ({ number }) => `127.0.${number}.1`,
}
