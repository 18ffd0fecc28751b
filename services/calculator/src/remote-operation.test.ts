import { createServer, type Server as TcpServer } from 'node:net'
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js'
import { computeMethod, type Operands, parseDecimal, type Result } from '@hardway/api'
import { afterEach, expect, test } from 'vitest'
import type { OperationCall } from './operations.ts'
import { remoteOperation } from './remote-operation.ts'

type Handler = (call: ServerUnaryCall<Operands, Result>, callback: sendUnaryData<Result>) => void

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A real gRPC server of `add` that does what the handler does; gives its address. */
async function serve(handler: Handler, port = 0): Promise<string> {
  const server = new Server()
  server.addService({ compute: computeMethod('add') }, { compute: handler })
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  )
  stops.push(() => server.forceShutdown())
  return `127.0.0.1:${bound}`
}

const two = parseDecimal('2')

function callWithin(milliseconds: number): OperationCall {
  return { deadline: Date.now() + milliseconds, abandoned: new Set() }
}

const sum: Handler = ({ request: { a, b } }, callback) =>
  callback(null, { value: `${Number(a) + Number(b)}` })

test('gives the result', async () => {
  const add = remoteOperation('add', await serve(sum))
  expect((await add(two, two, callWithin(5_000))).toFixed()).toBe('4')
})

test('calls the operation by its name, wherever it is', async () => {
  let seen = ''
  const add = remoteOperation(
    'add',
    await serve((call, callback) => {
      seen = call.getHost()
      sum(call, callback)
    }),
  )
  await add(two, two, callWithin(5_000))
  expect(seen).toBe('add')
})

test('hands the deadline on', async () => {
  let seen = 0
  const add = remoteOperation(
    'add',
    await serve((call, callback) => {
      seen = Number(call.getDeadline())
      sum(call, callback)
    }),
  )
  const call = callWithin(5_000)
  await add(two, two, call)
  expect(Math.abs(seen - call.deadline)).toBeLessThan(1_000) // grpc-timeout is relative: the clock goes on meanwhile
})

test('an operation that is too slow is a 504 that names it', async () => {
  const add = remoteOperation('add', await serve(() => {}))
  await expect(add(two, two, callWithin(50))).rejects.toMatchObject({
    problem: { status: 504, detail: 'The operation add did not answer in time.' },
  })
})

test('an operation that is down is a 503 that names it, and its return is noticed', async () => {
  const reserved: TcpServer = createServer()
  const port = await new Promise<number>(resolve =>
    reserved.listen(0, '127.0.0.1', () => resolve((reserved.address() as { port: number }).port)),
  )
  await new Promise(closed => reserved.close(closed))
  const add = remoteOperation('add', `127.0.0.1:${port}`)
  await expect(add(two, two, callWithin(5_000))).rejects.toMatchObject({
    problem: { status: 503, detail: 'The operation add is not available.' },
  })
  await serve(sum, port)
  await expect
    .poll(() => Promise.resolve(add(two, two, callWithin(1_000))).then(String, String), { timeout: 5_000 })
    .toBe('4')
})

test.each<[string, Handler]>([
  ['an empty value', (_, callback) => callback(null, { value: '' })],
  ['no decimal', (_, callback) => callback(null, { value: 'NaN' })],
  ['a value without end', (_, callback) => callback(null, { value: '1'.repeat(3_000) })],
  ['a message that is too large', (_, callback) => callback(null, { value: '1'.repeat(5_000) })],
  ['an internal error', (_, callback) => callback({ code: status.INTERNAL, details: 'secret' })],
  ['a refusal of the operands', (_, callback) => callback({ code: status.INVALID_ARGUMENT })],
])('%s is a 502 that names the operation and repeats nothing', async (_, handler) => {
  const add = remoteOperation('add', await serve(handler))
  await expect(add(two, two, callWithin(5_000))).rejects.toMatchObject({
    problem: {
      status: 502,
      detail: expect.stringMatching(/^The operation add answered (?!.*(secret|11111))/),
    },
  })
})

test.each([
  [
    "a policy's problem",
    JSON.stringify({
      type: 'https://hardway.test/problems/forbidden',
      title: 'Forbidden',
      status: 403,
      detail: 'client/bob may not add (rule operations.allowed)',
    }),
    'The operation add refuses: client/bob may not add (rule operations.allowed)',
  ],
  ['nothing', '', 'The operation add refuses.'],
  ['no JSON', 'secret', 'The operation add refuses.'],
  ['JSON that is no object', 'null', 'The operation add refuses.'],
  ['a problem of another kind', '{"type":"about:blank","detail":"secret"}', 'The operation add refuses.'],
  [
    'a reason that is no text',
    '{"type":"https://hardway.test/problems/forbidden","detail":{"secret":1}}',
    'The operation add refuses.',
  ],
  [
    'a reason without end',
    `{"type":"https://hardway.test/problems/forbidden","detail":"${'secret'.repeat(100)}"}`,
    'The operation add refuses.',
  ],
])('a refusal that says %s is a 403 that names the operation', async (_, details, detail) => {
  const refuse: Handler = (_, callback) => callback({ code: status.PERMISSION_DENIED, details })
  const add = remoteOperation('add', await serve(refuse))
  await expect(add(two, two, callWithin(5_000))).rejects.toMatchObject({ problem: { status: 403, detail } })
})

test('an address where something else than gRPC answers is a 502 or a 503', async () => {
  const http = createServer(socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'))
  const port = await new Promise<number>(resolve =>
    http.listen(0, '127.0.0.1', () => resolve((http.address() as { port: number }).port)),
  )
  stops.push(() => http.close())
  const add = remoteOperation('add', `127.0.0.1:${port}`)
  await expect(add(two, two, callWithin(2_000))).rejects.toMatchObject({
    problem: { status: expect.toSatisfy(value => value === 502 || value === 503) },
  })
})

test('a client that gives up ends the call', async () => {
  let cancelled: () => void
  const end = new Promise<void>(resolve => {
    cancelled = resolve
  })
  const call = callWithin(60_000)
  const add = remoteOperation(
    'add',
    await serve(server => {
      server.on('cancelled', () => cancelled())
      for (const cancel of call.abandoned) cancel()
    }),
  )
  await expect(add(two, two, call)).rejects.toMatchObject({ problem: { status: 503 } })
  await end
})
