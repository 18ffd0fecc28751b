import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { addressSetting, fileSetting, optionalFileSetting, setting } from './setting.ts'

afterEach(() => vi.unstubAllEnvs())

test('a setting that is missing or empty is named', () => {
  vi.stubEnv('ADD_ADDRESS', 'here')
  expect(setting('ADD_ADDRESS')).toBe('here')
  vi.stubEnv('ADD_ADDRESS', '')
  expect(() => setting('ADD_ADDRESS')).toThrow('the setting ADD_ADDRESS is missing')
})

test.each(['8080', 'localhost', ':8080', '127.0.0.1:65536', '127.0.0.1:x', 'http://a:1'])(
  '%j is no address',
  value => {
    vi.stubEnv('HTTP_ADDRESS', '127.0.0.1:8080')
    expect(addressSetting('HTTP_ADDRESS')).toEqual({ host: '127.0.0.1', port: 8080 })
    vi.stubEnv('HTTP_ADDRESS', value)
    expect(() => addressSetting('HTTP_ADDRESS')).toThrow(
      `the setting HTTP_ADDRESS is "${value}"; host:port is expected`,
    )
  },
)

test('a secret comes from a file, which must be there and hold something', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'setting-')), 'token')
  vi.stubEnv('TOKEN_FILE', file)
  expect(() => fileSetting('TOKEN_FILE')).toThrow('the setting TOKEN_FILE names a file that cannot be read')
  writeFileSync(file, '\n')
  expect(() => fileSetting('TOKEN_FILE')).toThrow('the setting TOKEN_FILE names an empty file')
  writeFileSync(file, 'abc\n')
  expect(fileSetting('TOKEN_FILE')).toBe('abc')
  expect(optionalFileSetting('TOKEN_FILE')).toBe('abc')
  vi.stubEnv('TOKEN_FILE', undefined)
  expect(optionalFileSetting('TOKEN_FILE')).toBeUndefined()
})
