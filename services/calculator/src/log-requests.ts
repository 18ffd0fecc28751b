import { type ServiceLog, startRequest } from '@hardway/runtime'
import type { FastifyInstance } from 'fastify'

/** More characters than any path has that is answered. */
const longestPath = 256

/** Tells the log of each request when its answer is complete, or when its caller has gone. */
export function logRequests(app: FastifyInstance, log: NonNullable<ServiceLog['request']>): void {
  app.addHook('onRequest', (request, { raw }, done) => {
    const measured = startRequest()
    raw.once('close', () => {
      const path = request.url.split('?', 1)[0]!.slice(0, longestPath)
      const answered = raw.writableFinished ? { status: raw.statusCode } : {}
      log({
        ...measured(),
        request_id: request.id,
        trace_id: request.span?.traceId,
        method: request.method,
        path,
        ...answered,
      })
    })
    done()
  })
}
