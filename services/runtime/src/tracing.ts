import { addressSetting } from './setting.ts'

/** What is said about a span, by the names of OpenTelemetry's semantic conventions. */
export type Attributes = Record<string, string | number>

/** What a service did for one request, and from when to when; and, as its parent says, on behalf of which other span. */
export interface Span {
  /** Of all spans of the request, as every log has it. */
  traceId: string
  /** For a request that it causes: which span that is (W3C Trace Context §3.2), and whether anybody wants to know. */
  traceparent: string
  /** Begins the span of a call to another workload. */
  call(name: string, attributes: Attributes): Span
  /**
   * @param attributes  what became of it
   * @param failure     what went wrong, if anything did
   */
  end(attributes: Attributes, failure?: string): void
}

/** Where a service tells what it did for a request, and when. */
export interface Tracing {
  /**
   * Begins the span of a request that came in.
   * @param traceparent  as the request has it
   */
  serve(name: string, traceparent: string | undefined, attributes: Attributes): Span
  /** Returns when what is left was sent, or cannot be. */
  close(): Promise<void>
}

/** The tracing of a service, if the setting ZIPKIN_ADDRESS says where spans go: from chapter 09 on, to the Envoy beside it. */
export async function serviceTracing(workload: string): Promise<Tracing | undefined> {
  if (process.env.ZIPKIN_ADDRESS === undefined) return undefined
  const { zipkinTracing } = await import('./zipkin-tracing.ts') // takes a while, and a few megabytes
  return zipkinTracing(workload, addressSetting('ZIPKIN_ADDRESS'))
}
