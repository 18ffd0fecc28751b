import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { chapter, chapters } from './chapter.ts'
import { composeFile, deployFiles } from './compose.ts'
import type { Mesh } from './mesh.ts'

const mesh: Mesh = {
  monolith: { serves: 'http' },
  workloads: {
    calculator: { serves: 'http', calls: ['add'] },
    add: { serves: 'grpc', replicas: 2 },
  },
  gateway: { calls: ['calculator'] },
  sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '128MiB' },
  identity: { trust_domain: 'hardway.test', authority_ttl: '24h', svid_ttl: '1h' },
  jwt: { audience: 'calculator', ttl: '5m' },
  authorization: { timeout: '0.25s', people: { alice: { may: ['add'] } } },
  logs: { flush: '0.25s', buffer: '1MiB' },
  metrics: { interval: '5s', retention: '24h' },
  tracing: { sampling: 100, max_spans: 50_000 },
}

interface Service {
  image: string
  networks?: { default: { aliases: string[] } }
  ports?: string[]
  depends_on?: object
  [key: string]: unknown
}

function services(name: string): Record<string, Service> {
  return parse(composeFile(chapter(name), mesh)).services
}

test('each pod is a container that owns its network, and processes that join it', () => {
  const { 'add-pod': pod, add, 'add-envoy': envoy } = services('03')
  expect(pod).toMatchObject({ networks: { default: { aliases: ['add'] } } })
  for (const process of [add, envoy]) expect(process).toMatchObject({ network_mode: 'service:add-pod' })
  expect(Object.keys(services('01'))).toEqual(['token', 'monolith-pod', 'monolith'])
})

test('copies of a workload share its name in the network, and have settings of their own', () => {
  const { 'add-2-pod': pod, 'add-2-envoy': envoy } = services('03')
  expect(pod).toMatchObject({ networks: { default: { aliases: ['add'] } } })
  expect(envoy).toMatchObject({
    volumes: ['../../envoy/03-envoy/add-2.yaml:/etc/envoy/envoy.yaml:ro'],
  })
})

test.each([
  ['01', 'monolith-pod'],
  ['02', 'calculator-pod'],
  ['03', 'gateway-pod'],
])('in chapter %s just %s is published, on loopback', (name, publisher) => {
  const published = Object.entries(services(name)).filter(([, { ports }]) => ports)
  expect(published).toEqual([
    [publisher, expect.objectContaining({ ports: [`\${MESH_PUBLISHED:-127.0.0.1:8080}:8080`] })],
  ])
})

test.each(chapters.map(({ slug }) => slug))('in %s every container is limited in the same way', slug => {
  for (const service of Object.values(services(slug))) {
    expect(service).toMatchObject({
      user: expect.stringMatching(/^(1000:1000|101:101|65534:65534)$/),
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+m$/),
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '2' } },
    })
    expect(service).not.toHaveProperty('restart')
    expect(service).not.toHaveProperty('privileged')
  }
})

test('what has to be there first is: whoever is called, one’s own sidecar, and the token', () => {
  const first = (slug: string) =>
    Object.fromEntries(
      Object.entries(services(slug)).flatMap(([name, { depends_on }]) =>
        depends_on ? [[name, Object.keys(depends_on)]] : [],
      ),
    )
  expect(first('02')).toEqual({ calculator: ['token', 'add'] })
  expect(first('03')).toEqual({
    gateway: ['calculator'],
    calculator: ['token', 'calculator-envoy'],
    'calculator-envoy': ['add', 'add-2'],
    add: ['add-envoy'],
    'add-2': ['add-2-envoy'],
  })
})

test('the token is not in the file; who checks it may only read it', () => {
  const { token, calculator, add } = services('02')
  expect(token).toMatchObject({ volumes: ['token:/run/token'] })
  expect(calculator).toMatchObject({ volumes: ['token:/run/token:ro'] })
  expect(add).not.toHaveProperty('volumes')
})

test('each pod has its own key and no other, and only its Envoy can read it', () => {
  for (const slug of ['04', '05', '06', '07']) {
    const withKeys = Object.entries(services(slug)).flatMap(([name, { volumes = [] }]) => {
      const keys = (volumes as string[]).filter(volume => volume.includes('-svid:'))
      return keys.length > 0 ? [[name, keys]] : []
    })
    expect(Object.fromEntries(withKeys)).toEqual({
      gateway: ['gateway-svid:/etc/envoy/svid:ro'],
      'calculator-envoy': ['calculator-svid:/etc/envoy/svid:ro'],
      'add-envoy': ['add-svid:/etc/envoy/svid:ro'],
      'add-2-envoy': ['add-2-svid:/etc/envoy/svid:ro'],
      identity: ['gateway', 'calculator', 'add', 'add-2'].map(pod => `${pod}-svid:/run/svid/${pod}`),
    })
  }
})

test('the identity service has no network, and the same user as the Envoys that read its files', () => {
  const { identity, gateway } = services('04')
  expect(identity).toMatchObject({ network_mode: 'none' })
  expect(identity!.user).toBe(gateway!.user)
})

test('nobody shares a token any more when people have their own', () => {
  expect(services('04')).toHaveProperty('token')
  expect(composeFile(chapter('05'), mesh)).not.toMatch(/token/)
})

test('each Envoy has an OPA in its pod, which is there before it and goes after it', () => {
  const all = services('06')
  const opas = Object.keys(all).filter(name => name.endsWith('-opa'))
  expect(opas).toEqual(['gateway-opa', 'calculator-opa', 'add-opa', 'add-2-opa'])
  expect(all['add-2-opa']).toMatchObject({ network_mode: 'service:add-2-pod' })
  expect(all['add-2-envoy']).toMatchObject({ depends_on: { 'add-2-opa': { condition: 'service_started' } } })
  expect(all.gateway).toMatchObject({ depends_on: { 'gateway-opa': { condition: 'service_started' } } })
})

test('an OPA may read its policies only, listens in its pod only, and is asked for its health without a shell', () => {
  const opa = services('06')['add-opa']!
  expect(opa).toMatchObject({
    image: 'openpolicyagent/opa:1.14.0-envoy-static',
    volumes: ['./opa.yaml:/etc/opa.yaml:ro', '../../opa/06-opa:/etc/opa:ro'],
    healthcheck: { test: ['CMD', '/opa', 'eval', '--fail', expect.stringContaining('127.0.0.1:9191')] },
  })
  expect(opa.command).toEqual(
    expect.arrayContaining(['--addr', '127.0.0.1:8181', '--authorization', 'basic']),
  )
  const config = deployFiles(chapter('06'), mesh).get('opa.yaml')!
  expect(parse(config).plugins.envoy_ext_authz_grpc.addr).toBe('127.0.0.1:9191')
  expect(deployFiles(chapter('05'), mesh).has('opa.yaml')).toBe(false)
})

test('an Envoy may use more memory than it gives itself, so that it refuses before it is killed', () => {
  expect(services('03').gateway).toMatchObject({ mem_limit: '192m' })
})

test('whoever writes a line for each request never waits until it is taken, from the chapter on that has logs', () => {
  const waits = (slug: string) =>
    Object.entries(services(slug)).flatMap(([name, { logging }]) =>
      (logging as { options: Record<string, string> }).options.mode === 'non-blocking' ? [] : [name],
    )
  const quiet = ['gateway-pod', 'calculator-pod', 'add-pod', 'add-2-pod']
  expect(waits('07').toSorted()).toEqual(['identity', ...quiet].toSorted())
  expect(waits('06')).toContain('gateway')
  expect(services('07').add).toMatchObject({
    logging: { options: { 'max-size': '10m', 'max-file': '2', 'max-buffer-size': '1m' } },
    environment: { LOG_FLUSH: '250', LOG_BUFFER: '1048576' },
  })
  expect(services('07')['add-envoy']!.command).toEqual(
    expect.arrayContaining(['--file-flush-interval-msec', '250']),
  )
})
