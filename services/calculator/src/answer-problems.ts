import type { Socket } from 'node:net'
import type { ServiceLog } from '@hardway/runtime'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyServerOptions, HTTPMethods } from 'fastify'
import { ProblemError, quote } from './problem.ts'

const json = 'application/problem+json'

/** What Fastify must be told when it is made, so that requests which no handler sees are answered with problems too. */
export const problemOptions = {
  frameworkErrors: (_, __, reply) => {
    send(
      reply as FastifyReply,
      new ProblemError('invalid-request', 'The path is not valid percent-encoded UTF-8.'),
    )
  },
  clientErrorHandler: answerBrokenHttp,
} satisfies FastifyServerOptions

/**
 * Answers every error, and every path and method that is not there, with a problem.
 * @param log  is told of faults of our own; else whoever looks at standard error is
 */
export function answerProblems(app: FastifyInstance, log?: ServiceLog): void {
  app.setErrorHandler<FastifyError | ProblemError>((error, request, reply) => {
    if (error instanceof ProblemError) return send(reply, error)
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return send(
        reply,
        new ProblemError(
          'content-too-large',
          `The body may have at most ${app.initialConfig.bodyLimit} bytes.`,
        ),
      )
    }
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      return send(reply, new ProblemError('unsupported-media-type', 'The body must be application/json.'))
    }
    if (error.statusCode && error.statusCode < 500) {
      return send(reply, new ProblemError('invalid-request', `${error.message}.`))
    }
    const faults = log ?? console
    faults.error(`${request.method} ${request.routeOptions.url}`, error)
    return send(reply, new ProblemError('internal', 'This is a fault of the calculator, not of the request.'))
  })

  app.setNotFoundHandler(request => {
    const path = request.url.split('?', 1)[0]!
    const allowed = app.supportedMethods.filter(method =>
      app.hasRoute({ method: method as HTTPMethods, url: path }),
    )
    if (allowed.length === 0) {
      throw new ProblemError(
        'not-found',
        `There is no ${quote(path)} here: this calculator has /add, /subtract, /multiply and /evaluate.`,
      )
    }
    const allow = allowed.join(', ')
    throw new ProblemError('method-not-allowed', `${path} takes ${allow}, not ${request.method}.`, { allow })
  })
}

function send(reply: FastifyReply, { problem, headers }: ProblemError): FastifyReply {
  const { id, server } = reply.request
  const body = server.initialConfig.requestIdHeader ? { ...problem, request_id: id } : problem
  return reply.code(problem.status).headers(headers).type(json).serializer(JSON.stringify).send(body)
}

/** What is not HTTP never becomes a request: the answer is written to the connection itself. */
function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { problem } = brokenHttp(error.code)
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${json}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function brokenHttp(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('headers-too-large', 'The header has more than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request-timeout', 'The request did not arrive in time.')
  return new ProblemError('invalid-request', 'This is not valid HTTP/1.1.')
}
