import { expect, test } from 'vitest'
import { plain } from '../annotated.ts'
import type { Mesh } from '../mesh.ts'
import { accessLog, type Hop } from './access-log.ts'
import { localReply } from './local-reply.ts'

const quiet: Mesh = {
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  jwt: { audience: 'front', ttl: '5m' },
  authorization: { timeout: '0.25s', people: {} },
}
const telling: Mesh = { ...quiet, logs: { flush: '0.25s', buffer: '1MiB' } }

interface Logging {
  access_log: { typed_config: { log_format: { json_format: Record<string, string> } } }[]
}

function fields(hop: Hop, mesh = telling): Record<string, string> {
  const { access_log } = plain(accessLog(mesh, 'add', hop)) as Logging
  return access_log[0]!.typed_config.log_format.json_format
}

test('without the section logs nothing is logged, and no ID told', () => {
  expect(accessLog(telling, 'add', 'inbound')).toHaveProperty('access_log')
  expect(accessLog(quiet, 'add', 'inbound')).toEqual({})
  const replies = (mesh: Mesh) => JSON.stringify(plain(localReply('front', mesh)))
  expect(replies(telling).match(/"detail":/g)).toHaveLength(replies(telling).match(/"request_id":/g)!.length)
  expect(replies(quiet)).not.toContain('request_id')
})

test('each place has the names of all, and what only it can know', () => {
  const names = (hop: Hop) => Object.keys(fields(hop))
  const common = names('gateway').filter(name => names('inbound').includes(name))
  expect(names('outbound')).toEqual(
    expect.arrayContaining(['request_id', 'workload', 'hop', 'method', 'path', 'status', 'duration_us']),
  )
  expect(names('inbound').filter(name => !common.includes(name))).toEqual(['peer'])
  expect(names('gateway').filter(name => !common.includes(name))).toEqual([
    'upstream',
    'upstream_address',
    'upstream_failure',
  ])
  expect(names('outbound')).not.toContain('person') // it verifies no token
})

test('nothing is written that a caller may have put a secret into: of headers only the ID and the method, and no query', () => {
  for (const hop of ['gateway', 'inbound', 'outbound'] as const) {
    const values = Object.values(fields(hop))
    expect(values).toContain('%PATH(NQ:PATH):256%')
    const headers = values.filter(value => /REQ|RESP\(|RESPONSE_HEADER|QUERY|CEL/.test(value))
    expect(headers).toEqual(['%REQUEST_HEADER(X-REQUEST-ID)%', '%REQUEST_HEADER(:METHOD):16%'])
  }
})

test('a mesh with less to know says less', () => {
  const { logs } = telling
  expect(Object.keys(fields('inbound', { logs: logs! }))).not.toEqual(
    expect.arrayContaining(['peer', 'person', 'allowed']),
  )
})
