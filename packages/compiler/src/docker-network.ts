import type { Network } from './pod.ts'

/** Each pod has a network of its own, and its workload's name in DNS; copies share the name. */
export const dockerNetwork: Network = {
  published: '0.0.0.0', // inside the gateway's pod; compose.yaml publishes it on 127.0.0.1
  listen: () => '0.0.0.0',
  loopback: () => '127.0.0.1',
  dial: ({ workload }) => workload,
  dialCopy: ({ name }) => `${name}-pod`, // the service that owns the pod's network
  folder: () => '', // each Envoy runs in its pod's own
}
