import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chapter, meshOf } from '@hardway/compiler'
import { requireValid } from '@hardway/compiler/envoy-api'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { readEnvoyApi } from '../configs/envoy-api.ts'
import { readMesh } from '../definition.ts'
import { loopback } from '../native/network.ts'
import { root } from '../root.ts'
import { baselineConfigs, baselines } from './baseline.ts'
import { makeCertificates } from './certificates.ts'

const mesh = meshOf(readMesh(), chapter('3'))
const byEnvoys = baselines.filter(({ replaces }) => replaces !== 'policy')
const network = loopback('127.0.9.9', '127.0')

test.each(byEnvoys)('Envoy takes what it is told in the baseline "$title"', async baseline => {
  const api = await readEnvoyApi()
  const configs = baselineConfigs(root, baseline, mesh, network, '/secrets')
  expect([...configs.keys()].sort()).toEqual(
    ['gateway', 'calculator', 'add', 'subtract', 'multiply'].map(name => `${name}.yaml`).sort(),
  )
  for (const [file, text] of configs) requireValid(api, api.bootstrap, file, parse(text), () => file)
})

test.each(byEnvoys)('each pod of "$title" has its own addresses', baseline => {
  const configs = baselineConfigs(root, baseline, mesh, network, '/secrets')
  const add = parse(configs.get('add.yaml')!)
  expect(add.static_resources.listeners[0].address.socket_address.address).toBe('127.0.3.1')
  const gateway = parse(configs.get('gateway.yaml')!)
  expect(gateway.static_resources.listeners[0].address.socket_address.address).toBe('127.0.9.9')
  for (const text of configs.values())
    expect(text).not.toMatch(/^[^#]*\b(SELF|WORKLOAD|PUBLISHED|SECRETS|ADD)\b/m)
})

test('a workload gets a certificate of the authority, with its SPIFFE ID', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardway-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await makeCertificates(folder, ['add'])
  const read = (name: string) => new X509Certificate(readFileSync(join(folder, `${name}.crt`)))
  const [authority, add] = [read('ca'), read('add')]
  expect(add.verify(authority.publicKey)).toBe(true)
  expect(add.subjectAltName).toBe('URI:spiffe://hardway.test/add')
  expect([authority.ca, add.ca]).toEqual([true, false])
})
