import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { drain } from './drain.ts'
import { sandbox } from './sandbox.ts'

/** An admin of an Envoy whose callers go as its answers say: the last one stays. */
async function admin(...active: { connections: number; requests: number }[]) {
  const asked: string[] = []
  const server = createServer(({ method, url }, response) => {
    const isStats = url!.startsWith('/stats')
    asked.push(isStats ? 'stats' : `${method} ${url}`)
    const { connections, requests } = (isStats && active.length > 1 ? active.shift() : active[0])!
    response.end(
      isStats
        ? `http.admin.downstream_cx_active: 1\nhttp.admin.downstream_rq_active: 1\n` +
            `http.inbound.downstream_cx_active: ${connections}\nhttp.inbound.downstream_rq_active: ${requests}\n` +
            `http.outbound.downstream_cx_active: 0\nhttp.outbound.downstream_rq_active: 0\n`
        : 'OK\n',
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { asked, ready: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready` }
}

test('shuts the door, says goodbye, and is done when nobody is there', async () => {
  const { asked, ready } = await admin({ connections: 0, requests: 0 })
  await drain(sandbox({}).native, 'add-envoy', ready)
  expect(asked.slice(0, 2)).toEqual(['POST /drain_listeners', 'POST /drain_listeners?graceful'])
})

test('waits for requests', async () => {
  const busy = { connections: 2, requests: 1 }
  const { asked, ready } = await admin(...Array(60).fill(busy), { connections: 2, requests: 0 })
  await drain(sandbox({}).native, 'add-envoy', ready)
  expect(asked.filter(name => name === 'stats').length).toBeGreaterThanOrEqual(60)
})

test('does not wait for ever, and says what for', async () => {
  const { native, said } = sandbox({})
  native.limits = { ...native.limits, stop: 300, progress: 100 }
  const { ready } = await admin({ connections: 1, requests: 3 })
  await drain(native, 'add-envoy', ready)
  expect(said).toContain('Waiting for add-envoy to finish 3 requests (0 s).')
})

test('leaves an Envoy alone that does not answer', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(() => void server.closeAllConnections())
  await drain(sandbox({}).native, 'add-envoy', `http://127.0.0.1:${port}/ready`) // silent
  server.close()
  await drain(sandbox({}).native, 'add-envoy', `http://127.0.0.1:${port}/ready`) // not there
})
