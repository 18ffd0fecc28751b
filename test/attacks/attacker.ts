import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { computeMethod } from '@hardway/api'

// What an attacker does who sits in a pod. Natively it is done here; in Docker this very file is the program of a container
// of the services' image, which gets its orders on standard input. So it imports nothing that is not in that image.

/** How a caller speaks: as plain text, or over TLS with a key and a certificate in PEM, or over TLS without. */
export type Shown = 'plain text' | { privateKey?: string; chain?: string }

/** A value, or what the call was refused with. */
export type CallAnswer = { value: string } | { refused: string; says: string }

/** An answer over HTTP, or why there was none. */
type HttpAnswer = { status: number; body: string } | { error: string }

/** In milliseconds. */
const patience = 5_000

/** Opens a connection. @returns `open`, or why not: `ECONNREFUSED` */
async function connect(address: string): Promise<string> {
  const socket = connectTcp(endpoint(address)).setTimeout(patience)
  const said = new Promise<string>(resolve => {
    socket.on('connect', () => resolve('open'))
    socket.on('timeout', () => resolve('nobody answers'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  return said.finally(() => socket.destroy())
}

/** Multiplies 6 and 7 over gRPC. */
async function call(
  address: string,
  shown: Shown,
  headers: Record<string, string> = {},
): Promise<CallAnswer> {
  const { path, requestSerialize, responseDeserialize } = computeMethod('multiply')
  const names = { 'grpc.default_authority': 'multiply', 'grpc.ssl_target_name_override': 'multiply' }
  const client = new Client(address, callCredentials(shown), names)
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const deadline = { deadline: Date.now() + patience }
  try {
    return await new Promise(resolve =>
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { a: '6', b: '7' },
        metadata,
        deadline,
        (error, result) =>
          resolve(error ? { refused: status[error.code]!, says: error.details } : { value: result!.value }),
      ),
    )
  } finally {
    client.close()
  }
}

/** An attacker does not mind who answers. */
function callCredentials(shown: Shown) {
  if (shown === 'plain text') return credentials.createInsecure()
  const [key, chain] = [shown.privateKey, shown.chain].map(pem => (pem ? Buffer.from(pem) : null))
  return credentials.createSsl(null, key, chain, { rejectUnauthorized: false })
}

/** The beginning of every HTTP/2 connection (RFC 9113 §3.4), and a SETTINGS frame without settings (§6.5). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0')

/**
 * Opens a connection over TLS, and says how it was received. With TLS 1.3 one knows only when one reads (RFC 8446 §4.4.2.4).
 * @returns `served`, or the alert: `alert unknown ca`
 */
async function knock(address: string, shown: Exclude<Shown, string>): Promise<string> {
  const { privateKey: key, chain: cert } = shown
  const shows = key && cert ? { key, cert } : {}
  const socket = connectTls({
    ...endpoint(address),
    ...shows,
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
  })
  const said = new Promise<string>(resolve => {
    socket.setTimeout(patience, () => resolve('nobody answers'))
    socket.once('data', () => resolve('served'))
    socket.on('error', ({ message }) => resolve(/alert [a-z ]+/.exec(message)?.[0] ?? message))
    socket.on('close', () => resolve('hung up'))
  })
  socket.write(preface)
  return said.finally(() => socket.destroy())
}

/** Asks over HTTP. */
async function ask(url: string, method = 'GET', headers: Record<string, string> = {}): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(patience) })
    return { status: response.status, body: await response.text() }
  } catch (error) {
    const { name, cause } = error as Error
    return { error: (cause as NodeJS.ErrnoException | undefined)?.code ?? name }
  }
}

const servers: ReturnType<typeof createServer>[] = []

/** Answers every request with the headers that it had, until {@link orders.leave}. */
async function standIn(address: string): Promise<void> {
  const server = createServer(({ headers }, response) => response.end(JSON.stringify(headers)))
  servers.push(server)
  await once(server.listen(endpoint(address)), 'listening')
}

async function leave(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
}

function endpoint(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`tcp://${address}`)
  return { host: hostname, port: Number(port) }
}

/** Everything that can be ordered. */
export const orders = { connect, call, knock, ask, standIn, leave }
export type Attacker = typeof orders

/** An order, as a line of JSON. */
export interface Order {
  name: keyof Attacker
  args: unknown[]
}

if (process.env.ORDERS === 'stdin') {
  for await (const line of createInterface(process.stdin)) {
    const { name, args }: Order = JSON.parse(line)
    const order = orders[name] as (...args: unknown[]) => Promise<unknown>
    const done = await order(...args).then(
      result => ({ result }),
      ({ message }: Error) => ({ error: message }),
    )
    console.log(JSON.stringify(done))
  }
  process.exit()
}
