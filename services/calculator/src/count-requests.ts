import type { Metrics } from '@hardway/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Counts each request by its route and the status of its answer. A path that no route has counts as one, whatever it is: a
 * stranger can think up more of them than there is memory.
 */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  const running = new WeakMap<FastifyRequest, (status: string) => void>()
  app.addHook('onRequest', async request => {
    running.set(request, metrics.time(request.routeOptions.url ?? 'no route'))
  })
  app.addHook('onResponse', async (request, { statusCode }) => {
    running.get(request)?.(`${statusCode}`)
  })
}
