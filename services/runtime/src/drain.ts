import { Server, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long an idle connection is kept while draining, in milliseconds: time for its next request to be on its way. */
const idleGrace = 500

/**
 * Makes `app.close()` lose no request. By itself it would close idle connections at once, and with them the request
 * that a client is just sending. So: accept no new connection, answer what still comes with `Connection: close`
 * (RFC 9112 §9.6), and only then close what stays silent. The app needs `return503OnClosing: false`.
 */
export function closeGracefully(app: FastifyInstance): void {
  const connections = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket.once('close', () => connections.delete(socket)))
  })
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => {
      app.server.closeIdleConnections()
      // To Node one that never said anything is not idle; a proxy opens such connections in advance.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
    }, idleGrace)
    // Not http.Server's own close(), which is what drops the idle ones.
    await new Promise(closed => Server.prototype.close.call(app.server, closed))
    clearInterval(sweep)
  })
}
