import { request } from 'node:http'
import { CliError } from '../cli-error.ts'
import type { ZipkinSpan } from './span.ts'

/** How long an answer may take, in milliseconds. */
const patience = 10_000

/** The tag in which every Envoy writes the ID of the request. */
const requestTag = 'guid:x-request-id'

/**
 * The spans of a request, by the x-request-id of its answer; none if nobody has sent any yet.
 * @param door  `host:port` of Zipkin's door at the gateway
 * @throws CliError `call_failed`
 */
export async function traceOf(door: string, requestId: string): Promise<ZipkinSpan[]> {
  const query = new URLSearchParams({ annotationQuery: `${requestTag}=${requestId}` })
  const [trace = []] = await askZipkin<ZipkinSpan[][]>(door, `/traces?${query}`)
  return trace
}

/**
 * Asks Zipkin by its API.
 * @throws CliError `call_failed`
 */
export async function askZipkin<Answer>(door: string, path: string): Promise<Answer> {
  const { status, text } = await get(`http://${door}/api/v2${path}`)
  if (status === 200) return JSON.parse(text) as Answer
  const cure = 'See how it does: ./mesh status'
  throw new CliError('call_failed', `Zipkin answered ${status} at ${door}: ${text.trim()}\n  ${cure}`)
}

/** Not by fetch: the door answers to the name localhost, wherever it is, and fetch would write another. */
function get(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { headers: { host: 'localhost' }, agent: false, timeout: patience } as const
    const outgoing = request(url, options, async response => {
      try {
        resolve({
          status: response.statusCode!,
          text: Buffer.concat(await response.toArray()).toString(),
        })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('it is silent')))
    outgoing.on('error', ({ message }) => {
      reject(new CliError('call_failed', `Zipkin does not answer at ${new URL(url).host} (${message}).`))
    })
    outgoing.end()
  })
}
