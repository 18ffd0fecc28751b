import type { Span, Tracing } from '@hardway/runtime'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** From chapter 09 on. */
    span?: Span
  }
}

/** Makes a span of each request. Its name is a route, and never a path that a stranger thought up: Zipkin keeps a list of all names. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  app.decorateRequest('span')
  app.addHook('onRequest', (request, { raw }, done) => {
    const { method, routeOptions, headers } = request
    const { url: route } = routeOptions
    const attributes = { 'http.request.method': method, ...(route ? { 'http.route': route } : {}) }
    const name = route ? `${method} ${route}` : method
    const span = tracing.serve(name, headers.traceparent?.toString(), attributes)
    request.span = span
    raw.once('close', () => {
      if (!raw.writableFinished) return span.end({}, 'the caller has gone')
      const failure = raw.statusCode >= 500 ? `${raw.statusCode}` : undefined
      span.end({ 'http.response.status_code': raw.statusCode }, failure)
    })
    done()
  })
}
