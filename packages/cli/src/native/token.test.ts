import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { sandbox } from './sandbox.ts'
import { staticToken, tokenFile } from './token.ts'

test.each([0o022, 0o027, 0o077])('is for its owner only, with umask %o', mask => {
  const before = process.umask(mask)
  onTestFinished(() => {
    process.umask(before)
  })
  const { stateDir } = sandbox({}).native
  const token = staticToken(stateDir)
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(readFileSync(tokenFile(stateDir), 'utf8')).toBe(`${token}\n`)
  expect((statSync(tokenFile(stateDir)).mode & 0o777).toString(8)).toBe('600')
  expect((statSync(stateDir).mode & 0o777).toString(8)).toBe('700')
  expect(readdirSync(stateDir)).toEqual(['log', 'token'])
})

test('is made once, and is another one in another copy', () => {
  const [one, other] = [sandbox({}).native, sandbox({}).native]
  const token = staticToken(one.stateDir)
  expect(staticToken(one.stateDir)).toBe(token)
  expect(staticToken(other.stateDir)).not.toBe(token)
})

test('is never empty', () => {
  const { stateDir } = sandbox({}).native
  staticToken(stateDir)
  writeFileSync(tokenFile(stateDir), '\n')
  expect(() => staticToken(stateDir)).toThrow(`${tokenFile(stateDir)} is empty.`)
})
