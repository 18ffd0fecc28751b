import { fastify } from 'fastify'
import type { Metrics } from './metrics.ts'
import type { HostAndPort } from './setting.ts'

/** The state that a process shows to whoever starts, stops or balances it. */
export interface Health {
  setReady(ready: boolean): void
  close(): Promise<void>
}

/**
 * Answers `GET /healthz` (200: the process is alive) and `GET /readyz` (200: it can serve; 503: not yet, or no
 * longer). Not ready until it is told. With metrics, `GET /metrics` gives them.
 */
export async function serveHealth(address: HostAndPort, metrics?: Metrics): Promise<Health> {
  let ready = false
  const app = fastify()
  app.get('/healthz', () => ({ status: 'alive' }))
  app.get('/readyz', (_, reply) =>
    reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' }),
  )
  if (metrics) {
    app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  }
  await app.listen(address)
  return {
    setReady: value => {
      ready = value
    },
    close: () => app.close(),
  }
}
