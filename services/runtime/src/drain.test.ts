import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import { expect, test } from 'vitest'
import { closeGracefully } from './drain.ts'

/** A server whose only answer waits until it is told to. */
async function serve(): Promise<{ app: FastifyInstance; open(): Promise<Socket>; answer(): void }> {
  const app = fastify({ return503OnClosing: false })
  closeGracefully(app)
  let answer = () => {}
  const told = new Promise<void>(resolve => {
    answer = resolve
  })
  app.get('/', () => told.then(() => 'done'))
  app.get('/quick', async () => 'quick')
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const open = async () => {
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  return { app, open, answer }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`

test('a request in flight is answered, and so is the next on a connection that was idle', async () => {
  const { app, open, answer } = await serve()
  const [busy, idle] = [await open(), await open()]
  const received = once(app.server, 'request')
  busy.write(get('/'))
  await received
  const closed = app.close()
  await expect.poll(() => app.server.listening).toBe(false)
  idle.write(get('/quick'))
  answer()
  const answers = await Promise.all(
    [busy, idle].map(async socket => Buffer.concat(await socket.toArray()).toString()),
  )
  expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n.*done$/s)
  expect(answers[1]).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*quick$/is)
  await closed
})

test('a connection on which nothing was ever said holds nothing up', async () => {
  const { app, open } = await serve()
  const silent = await open()
  await app.close()
  await once(silent.resume(), 'close')
})
