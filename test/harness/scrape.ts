import { readFileSync } from 'node:fs'
import { connect, constants } from 'node:http2'
import { verifyServerAs } from './verify-server.ts'

export interface ScrapeAnswer {
  status: number
  text: string
}

/**
 * Reads a path of a pod's metrics listener as Prometheus's sidecar does.
 * @param address  `host:port`
 * @param file     the caller's key and SVID in PEM
 * @param roots    whom the caller believes, in PEM
 * @param peer     the workload that is asked
 * @throws if the connection is refused, with the TLS alert in the message
 */
export function scrape(
  address: string,
  file: string,
  roots: string,
  peer: string,
  path = '/stats/prometheus',
  method = 'GET',
): Promise<ScrapeAnswer> {
  const pem = readFileSync(file, 'utf8')
  const middle = pem.indexOf('-----BEGIN CERTIFICATE-----')
  const session = connect(`https://${address}`, {
    key: pem.slice(0, middle),
    cert: pem.slice(middle),
    ca: roots,
    checkServerIdentity: verifyServerAs(peer),
  })
  return new Promise<ScrapeAnswer>((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({ ':path': path, ':method': method })
    stream.on('error', reject)
    let status = 0
    stream.on('response', headers => {
      status = Number(headers[constants.HTTP2_HEADER_STATUS])
    })
    let text = ''
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    stream.on('end', () => resolve({ status, text }))
    stream.end()
  }).finally(() => session.destroy())
}

/** The numbers that a text of Prometheus has, by name and labels: `name{a="1",b="2"}`, the labels by their names' order. */
export function numbersOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => {
      const end = line.lastIndexOf(' ')
      return [inOrder(line.slice(0, end)), Number(line.slice(end + 1))]
    }),
  )
}

function inOrder(series: string): string {
  return series.replace(
    /\{(.*)\}/,
    (_, labels: string) =>
      `{${
        labels
          .match(/\w+="[^"]*"/g)
          ?.sort()
          .join(',') ?? ''
      }}`,
  )
}

/** What grew from one reading to the next, and by how much; a number that was not there yet was 0. */
export function growth(before: Map<string, number>, after: Map<string, number>): Record<string, number> {
  const grown = [...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, by]) => by !== 0))
}
