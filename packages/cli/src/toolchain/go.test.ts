import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fortio } from './fortio.ts'
import { type GoProgram, goTool } from './go.ts'
import { opa } from './opa.ts'
import { thisToolchain } from './toolchain.ts'

const program: GoProgram = {
  name: 'one',
  title: 'One',
  version: '1.2.3',
  size: '1 MB',
  versionOf: { args: ['version'], pattern: /(.*)/ },
  package: 'example.test/one/cmd/one',
}

test('a program is built by exactly what its manifest says, into its folder', () => {
  const { install, program: file } = goTool(program)
  expect(install('/cache/one')).toEqual([
    ...['build', '-mod=readonly', '-trimpath', '-tags=', '-ldflags=-s -w', '-o', '/cache/one/one'],
    'example.test/one/cmd/one',
  ])
  expect(file).toBe('one')
})

test('tags and linker flags are handed on', () => {
  const ldflags = ['-X example.test/version.Version=1.2.3']
  const args = goTool({ ...program, tags: ['netgo', 'small'], ldflags }).install('/cache/one')
  expect(args).toContain('-tags=netgo,small')
  expect(args).toContain('-ldflags=-s -w -X example.test/version.Version=1.2.3')
})

test('the manifest brings the version of Fortio that is named', () => {
  const manifest = readFileSync(join(thisToolchain().manifests, 'fortio/go.mod'), 'utf8')
  expect(manifest).toMatch(/^tool fortio\.org\/fortio$/m)
  expect(manifest).toContain(`\tfortio.org/fortio v${fortio.version} `)
  expect(fortio.versionOf?.pattern.exec('1.68.0\n')?.[1]).toBe('1.68.0')
})

test('the manifest brings the version of OPA that is named, with the plugin of the same version', () => {
  const manifest = readFileSync(join(thisToolchain().manifests, 'opa/go.mod'), 'utf8')
  expect(manifest).toMatch(/^tool github\.com\/open-policy-agent\/opa-envoy-plugin\/cmd\/opa-envoy-plugin$/m)
  expect(manifest).toContain(`\tgithub.com/open-policy-agent/opa-envoy-plugin v${opa.version}-envoy `)
  expect(manifest).toContain(`\tgithub.com/open-policy-agent/opa v${opa.version} `)
  const { pattern } = opa.versionOf!
  expect(pattern.exec('Version: 1.14.0-envoy\nBuild Commit: \n')?.[1]).toBe('1.14.0')
  expect(pattern.exec('Version: 1.14.0\nBuild Commit: \n')).toBeNull() // without the plugin
})
