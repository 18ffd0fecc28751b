import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { dockerNetwork } from './docker-network.ts'
import type { Mesh } from './mesh.ts'
import { prometheusConfig } from './prometheus-config.ts'

const mesh: Mesh = {
  workloads: { calculator: { serves: 'http', calls: ['add'] }, add: { serves: 'grpc', replicas: 2 } },
  gateway: { calls: ['calculator'] },
  sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  metrics: { interval: '5s', retention: '24h' },
}

interface Job {
  proxy_url: string
  sample_limit: number
  static_configs: { targets: string[]; labels: { workload: string } }[]
}

test('every pod is read, each copy by its own name, through the sidecar and bounded', () => {
  const { scrape_configs } = parse(prometheusConfig(mesh, dockerNetwork, 'rules.yaml')) as {
    scrape_configs: Job[]
  }
  const targets = scrape_configs.map(({ static_configs }) =>
    static_configs.map(({ targets, labels }) => [...targets, labels.workload]),
  )
  const applications = [
    ['calculator', 'calculator'],
    ['add', 'add'],
    ['add-2', 'add'],
  ]
  expect(targets).toEqual([
    [['gateway', 'gateway'], ...applications, ['prometheus', 'prometheus']],
    applications,
  ])
  for (const { proxy_url, sample_limit } of scrape_configs) {
    expect({ proxy_url, sample_limit }).toEqual({ proxy_url: 'http://127.0.0.1:15001', sample_limit: 500 })
  }
})
