import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { tracingTo } from './zipkin-tracing.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const caller = '00f067aa0ba902b7'

/** What was sent. The exporter forgets everything when it is closed. */
async function sentBy(act: (tracing: ReturnType<typeof tracingTo>) => void): Promise<ReadableSpan[]> {
  const exporter = new InMemorySpanExporter()
  const sent: ReadableSpan[] = []
  const tracing = tracingTo(
    {
      export: (spans, done) => {
        sent.push(...spans)
        exporter.export(spans, done)
      },
      shutdown: () => exporter.shutdown(),
    },
    'add',
  )
  act(tracing)
  await tracing.close()
  return sent
}

test('a span belongs to the trace of its caller, and a call to the span that makes it', async () => {
  let sentOn = ''
  const [call, served] = await sentBy(tracing => {
    const span = tracing.serve('one', `00-${trace}-${caller}-01`, { route: '/one' })
    const call = span.call('two', {})
    sentOn = call.traceparent
    call.end({ status: 'UNAVAILABLE' }, 'UNAVAILABLE')
    span.end({ status: 200 })
  })
  expect(served).toMatchObject({ name: 'one', attributes: { route: '/one', status: 200 } })
  expect(served!.spanContext().traceId).toBe(trace)
  expect(served!.parentSpanContext?.spanId).toBe(caller)
  expect(call!.parentSpanContext?.spanId).toBe(served!.spanContext().spanId)
  expect(call!.status.message).toBe('UNAVAILABLE')
  expect(sentOn).toBe(`00-${trace}-${call!.spanContext().spanId}-01`)
})

test('what the edge does not want to be traced is not sent, and whoever is called is told so', async () => {
  const spans = await sentBy(tracing => {
    const span = tracing.serve('one', `00-${trace}-${caller}-00`, {})
    const call = span.call('two', {})
    expect(call.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
    expect(span.traceId).toBe(trace)
    call.end({})
    span.end({})
  })
  expect(spans).toEqual([])
})

test.each([undefined, '', 'nonsense', `00-${trace}-0000000000000000-01`])(
  'whoever comes without a trace (%s) is not traced',
  async traceparent => {
    expect(await sentBy(tracing => tracing.serve('one', traceparent, {}).end({}))).toEqual([])
  },
)

test('times are whole microseconds: Zipkin takes no others', async () => {
  const spans = await sentBy(tracing => {
    for (let count = 0; count < 200; count++) tracing.serve('one', `00-${trace}-${caller}-01`, {}).end({})
  })
  expect(spans).toHaveLength(200)
  for (const { startTime, endTime } of spans) {
    expect([startTime[1] % 1000, endTime[1] % 1000]).toEqual([0, 0])
    expect(Math.abs(startTime[0] * 1000 + startTime[1] / 1e6 - Date.now())).toBeLessThan(10_000)
  }
})

test('who takes no spans holds nobody up', async () => {
  const tracing = tracingTo({ export: () => {}, shutdown: async () => {} }, 'add')
  for (let count = 0; count < 10_000; count++) tracing.serve('one', `00-${trace}-${caller}-01`, {}).end({})
  expect(process.memoryUsage().heapUsed).toBeLessThan(300 * 2 ** 20)
})
