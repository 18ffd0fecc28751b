import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { preciseClock } from './precise-clock.ts'
import type { HostAndPort } from './setting.ts'
import type { Attributes, Span, Tracing } from './tracing.ts'

/** What waits to be sent. What does not fit is lost: no request ever waits for a span. */
const limits = {
  maxQueueSize: 2048,
  maxExportBatchSize: 256,
  scheduledDelayMillis: 1_000,
  exportTimeoutMillis: 5_000,
}

const propagator = new W3CTraceContextPropagator()
const clock = preciseClock()

/** Zipkin takes whole microseconds, and no batch with any other time in it. */
function now(): HrTime {
  const microseconds = Math.floor(clock() * 1000)
  return [Math.floor(microseconds / 1e6), (microseconds % 1e6) * 1000]
}

/** OpenTelemetry's SDK, which sends spans as Zipkin wants them. */
export function zipkinTracing(workload: string, { host, port }: HostAndPort): Tracing {
  return tracingTo(new ZipkinExporter({ url: `http://${host}:${port}/api/v2/spans` }), workload)
}

/** The same, to anywhere. */
export function tracingTo(exporter: SpanExporter, workload: string): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': workload }),
    // The edge decides what is traced. Here that is honoured, and nothing decided.
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...limits })],
  })
  const tracer = provider.getTracer('hardway')
  return {
    serve: (name, traceparent, attributes) => {
      const parent = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
      return begin(tracer, name, SpanKind.SERVER, attributes, parent)
    },
    close: () => provider.shutdown().catch(() => {}), // that nobody took the last of them is no failure of the service
  }
}

/**
 * The parent is handed on as what it is, a value, as the deadline and the token are. OpenTelemetry could find it by itself
 * (AsyncLocalStorage), and begin all these spans by itself (instrumentation); but then one would not see how it is done.
 */
function begin(tracer: Tracer, name: string, kind: SpanKind, attributes: Attributes, parent: Context): Span {
  const span = tracer.startSpan(name, { kind, attributes, startTime: now() }, parent)
  const own = trace.setSpan(ROOT_CONTEXT, span)
  return {
    traceId: span.spanContext().traceId,
    get traceparent() {
      const headers: Record<string, string> = {}
      propagator.inject(own, headers, defaultTextMapSetter)
      return headers.traceparent!
    },
    call: (name, attributes) => begin(tracer, name, SpanKind.CLIENT, attributes, own),
    end: (attributes, failure) => {
      span.setAttributes(attributes)
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end(now())
    },
  }
}
