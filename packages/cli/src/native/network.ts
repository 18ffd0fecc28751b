import type { Hosts, PodName } from '@hardway/compiler'

/**
 * Each pod has a loopback address of its own, so that ports are the same as in containers and only addresses differ.
 * All of 127.0.0.0/8 is there on Linux, without any set-up.
 * @param net  the first two numbers of the pods' addresses
 */
export function loopback(published: string, net: string): Hosts {
  const host = ({ number, replica }: PodName) => `${net}.${number}.${replica}`
  return { published, listen: host, loopback: host, dial: host, dialCopy: host }
}
