/** A span, as Zipkin gives it; what we read of it. */
export interface ZipkinSpan {
  traceId: string
  id: string
  parentId?: string
  name: string
  /** `SERVER` is who was asked, `CLIENT` who asked. */
  kind?: string
  /** Microseconds since 1970. */
  timestamp: number
  /** Microseconds. */
  duration: number
  localEndpoint: { serviceName: string }
  tags: Record<string, string>
}
