import { operationNames } from '@hardway/api'
import { closeGracefully, type Metrics, type ServiceLog, type Tracing } from '@hardway/runtime'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { answerProblems, problemOptions } from './answer-problems.ts'
import { requireBearerToken } from './bearer-token.ts'
import { countRequests } from './count-requests.ts'
import { evaluate } from './evaluate.ts'
import { parseExpression } from './expression.ts'
import { readFields, readOperand, readQuery } from './fields.ts'
import { acceptJson } from './json-body.ts'
import { logRequests } from './log-requests.ts'
import type { OperationCall, Operations } from './operations.ts'
import { traceRequests } from './trace-requests.ts'

/** How long a request may take until its answer is 504, in milliseconds. */
const requestLimit = 2_000

/** How long an Envoy in front will wait for the answer, in milliseconds. */
const expectedTimeout = 'x-envoy-expected-rq-timeout-ms'

/**
 * The calculator's HTTP API, not yet listening.
 * @param operations  what it calculates with
 * @param token  what every request must carry. Without one somebody in front has checked who is there, and the person's own
 *   token goes on to the operations.
 * @param log  where it tells what happens. If that is of requests, too, each is known by the ID that the Envoy in front has
 *   given it: the operations are told it, and the caller, if anything goes wrong.
 * @param metrics  what counts requests, if anything does
 * @param tracing  what makes spans of them, if anything does
 */
export function createCalculator(
  operations: Operations,
  token?: string,
  log?: ServiceLog,
  metrics?: Metrics,
  tracing?: Tracing,
): FastifyInstance {
  const app = fastify({
    bodyLimit: 16 * 1024,
    requestTimeout: 10_000, // a client that sends a byte now and then holds nothing up
    return503OnClosing: false, // closeGracefully() answers what is in flight
    requestIdHeader: log?.request ? 'x-request-id' : false,
    ...problemOptions,
  })
  closeGracefully(app)
  answerProblems(app, log)
  if (tracing) traceRequests(app, tracing)
  if (log?.request) logRequests(app, log.request)
  if (metrics) countRequests(app, metrics)
  acceptJson(app)
  if (token !== undefined) requireBearerToken(app, token)

  for (const operation of operationNames) {
    app.get(`/${operation}`, async (request, reply) => {
      const { a, b } = readQuery(request, ['a', 'b'])
      const result = await operations[operation](
        readOperand('a', a),
        readOperand('b', b),
        callOf(reply, token),
      )
      return { operation, a, b, result: result.toFixed() }
    })
  }

  app.post('/evaluate', async (request, reply) => {
    const { expression } = readFields(request.body, ['expression'], 'body')
    const { value, steps } = await evaluate(parseExpression(expression), operations, callOf(reply, token))
    return { expression, result: value.toFixed(), steps }
  })

  return app
}

function callOf({ raw, request }: FastifyReply, token: string | undefined): OperationCall {
  const abandoned = new Set<() => void>()
  raw.on('close', () => {
    for (const cancel of abandoned) cancel()
  })
  const expected = Number(request.headers[expectedTimeout] ?? requestLimit)
  const limit = expected > 0 ? Math.min(expected, requestLimit) : requestLimit
  const { authorization } = request.headers
  const call = {
    deadline: Date.now() + limit,
    abandoned,
    ...(request.server.initialConfig.requestIdHeader ? { requestId: request.id } : {}),
    span: request.span,
  }
  // The one token that everybody shares is for this door only.
  return token === undefined && authorization ? { ...call, authorization } : call
}
