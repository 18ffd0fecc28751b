import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js'
import {
  computeMethod,
  type Decimal,
  type Operands,
  type OperationName,
  parseDecimal,
  type Result,
} from '@hardway/api'
import { HealthImplementation } from 'grpc-health-check'
import type { Metrics } from './metrics.ts'
import { runService } from './service.ts'
import { type ServiceLog, startRequest } from './service-log.ts'
import { addressSetting } from './setting.ts'
import type { Span, Tracing } from './tracing.ts'

/** Runs the process of one operation: a gRPC server around a pure function. */
export function serveOperation(
  operation: OperationName,
  compute: (a: Decimal, b: Decimal) => Decimal,
): Promise<void> {
  return runService(operation, async (log, metrics, tracing) => {
    const { host, port } = addressSetting('GRPC_ADDRESS')
    const server = new Server({
      'grpc.enable_channelz': 0,
      'grpc.max_receive_message_length': 4096, // two operands of 256 characters, and room
      'grpc.max_concurrent_streams': 1000,
      'grpc.keepalive_time_ms': 30_000, // a caller that vanished is noticed within 40 s
      'grpc.keepalive_timeout_ms': 10_000,
    })
    const health = new HealthImplementation({ '': 'SERVING' })
    health.addToServer(server)
    const method = computeMethod(operation)
    server.addService(
      { compute: method },
      {
        compute: traced(
          tracing,
          method.path,
          logged(log, method.path, counted(metrics, operation, computeWith(compute))),
        ),
      },
    )
    await new Promise<void>((bound, failed) =>
      server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), error =>
        error ? failed(error) : bound(),
      ),
    )
    return () => {
      health.setStatus('', 'NOT_SERVING')
      return new Promise((closed, failed) => server.tryShutdown(error => (error ? failed(error) : closed())))
    }
  })
}

type Handler = (call: ServerUnaryCall<Operands, Result>, callback: sendUnaryData<Result>, span?: Span) => void

/** Makes a span of each call. */
function traced(tracing: Tracing | undefined, path: string, handle: Handler): Handler {
  if (!tracing) return handle
  return (call, callback) => {
    const [traceparent] = call.metadata.get('traceparent')
    const span = tracing.serve(path.slice(1), traceparent?.toString(), { 'rpc.system.name': 'grpc' })
    handle(
      call,
      (error, ...answer) => {
        callback(error, ...answer)
        span.end({ 'rpc.response.status_code': status[error?.code ?? status.OK]! })
      },
      span,
    )
  }
}

/** Tells the log of each call. */
function logged(log: ServiceLog, path: string, handle: Handler): Handler {
  if (!log.request) return handle
  return (call, callback, span) => {
    const measured = startRequest()
    handle(call, (error, ...answer) => {
      callback(error, ...answer)
      const [request_id] = call.metadata.get('x-request-id')
      const grpc_status = status[error?.code ?? status.OK]!
      const trace_id = span?.traceId
      log.request!({
        ...measured(),
        request_id: request_id?.toString(),
        trace_id,
        method: 'POST',
        path,
        grpc_status,
      })
    })
  }
}

/** Counts each call by the status that it ends with. */
function counted(metrics: Metrics | undefined, operation: OperationName, handle: Handler): Handler {
  if (!metrics) return handle
  return (call, callback) => {
    const end = metrics.time(operation)
    handle(call, (error, ...answer) => {
      callback(error, ...answer)
      end(status[error?.code ?? status.OK]!)
    })
  }
}

function computeWith(compute: (a: Decimal, b: Decimal) => Decimal): Handler {
  return ({ request }, callback) => {
    try {
      callback(null, { value: compute(operand('a', request.a), operand('b', request.b)).toFixed() })
    } catch (error) {
      callback({ code: status.INVALID_ARGUMENT, details: (error as Error).message })
    }
  }
}

function operand(name: string, text: string): Decimal {
  try {
    return parseDecimal(text)
  } catch (error) {
    throw new Error(`${name} ${(error as Error).message}`)
  }
}
