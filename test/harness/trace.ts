import { get } from 'node:http'
import type { ZipkinSpan } from '@hardway/cli/zipkin-span'

/** @param headers  besides Host */
export function getFromZipkin(zipkin: string, path: string, headers: Record<string, string> = {}) {
  const options = { headers: { host: 'localhost:9411', ...headers }, agent: false, timeout: 10_000 }
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    const request = get(`http://${zipkin}${path}`, options, response => {
      response.resume()
      resolve({ status: response.statusCode!, headers: response.headers })
    })
    request.on('timeout', () => request.destroy(new Error(`${path}: no answer`))).on('error', reject)
  })
}

/** One line for each span, indented below its parent, in the order in which they began. */
export function outline(trace: ZipkinSpan[]): string[] {
  const ids = new Set(trace.map(({ id }) => id))
  const inOrder = trace.toSorted((a, b) => a.timestamp - b.timestamp)
  const isRoot = ({ parentId }: ZipkinSpan) => parentId === undefined || !ids.has(parentId)
  return inOrder.filter(isRoot).flatMap(root => lines(root, 0))

  function lines({ id, localEndpoint, name, kind }: ZipkinSpan, depth: number): string[] {
    const below = inOrder.filter(({ parentId }) => parentId === id)
    return [
      `${'  '.repeat(depth)}${localEndpoint.serviceName} ${kind} ${name}`,
      ...below.flatMap(child => lines(child, depth + 1)),
    ]
  }
}
