import { connect } from 'node:net'

/** An answer, read by somebody who knows no more of HTTP/1.1 than this. */
export interface RawAnswer {
  status: number
  /** By their names in lower case. */
  headers: Record<string, string>
  body: string
}

/**
 * Sends exactly these bytes, for what no HTTP client would send, and reads one answer.
 * @param url  only its host and port count
 */
export async function sendRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const { hostname: host, port } = new URL(url)
  const socket = connect({ host, port: Number(port) })
  socket.write(request) // and no end(): Envoy does not answer a connection that is half closed
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk
    const answer = parse(text)
    // Whoever refuses a request closes the connection some time later, and not gently if there is more to read.
    if (answer && Buffer.byteLength(answer.body) >= Number(answer.headers['content-length'])) return answer
  }
  throw new Error(`The connection was closed after: ${text}`)
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const fields = lines.map(line => line.split(/: (.*)/s) as [name: string, value: string])
  const headers = Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value]))
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) }
}

/**
 * A GET of this very path, which no client has put into another spelling.
 * @param headers  besides Host and Connection
 */
export function getRaw(url: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return sendRaw(url, `GET ${path} HTTP/1.1\r\n${head}\r\n`)
}
