import { expect, test } from 'vitest'
import type { Mesh } from './mesh.ts'
import { opaData } from './opa-data.ts'

const mesh: Mesh = {
  workloads: {
    front: { serves: 'http', calls: ['add', 'page'] },
    add: { serves: 'grpc', replicas: 2 },
    page: { serves: 'http', calls: ['add'] },
    lonely: { serves: 'grpc' },
  },
  gateway: { calls: ['front'] },
  sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  jwt: { audience: 'front', ttl: '5m' },
  authorization: { timeout: '0.25s', people: { alice: { may: ['add', 'lonely'] }, bob: { may: [] } } },
}

test('says who calls whom and who may do what, by SPIFFE ID; what nobody calls is there, too', () => {
  const id = (name: string) => `spiffe://hardway.test/${name}`
  expect(JSON.parse(opaData(mesh))).toEqual({
    mesh: {
      trust_domain: 'hardway.test',
      workloads: {
        [id('gateway')]: { callers: 'anyone' },
        [id('front')]: { callers: [id('gateway')] },
        [id('add')]: { operation: 'add', callers: [id('front'), id('page')] },
        [id('page')]: { callers: [id('front')] },
        [id('lonely')]: { operation: 'lonely', callers: [] },
      },
      people: { [id('client/alice')]: ['add', 'lonely'], [id('client/bob')]: [] },
    },
  })
})

test('reads well: a line for each workload and each person', () => {
  expect(opaData(mesh)).toContain(
    '\n      "spiffe://hardway.test/front": { "callers": ["spiffe://hardway.test/gateway"] },\n',
  )
  expect(opaData(mesh)).toMatch(/"spiffe:\/\/hardway\.test\/client\/bob": \[\]\n {4}\}\n {2}\}\n\}\n$/)
})
