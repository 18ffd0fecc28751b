import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { envoyCommand, opaCommand } from './command.ts'
import { writeConfigs } from './config-files.ts'
import { sandbox } from './sandbox.ts'

test('writes what a chapter needs, for its owner only, and removes the rest', () => {
  const { native } = sandbox({})
  const folder = join(native.stateDir, 'envoy')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'divide.yaml'), 'of another chapter')
  writeConfigs(native, new Map([['envoy/add.yaml', 'one']]))
  writeConfigs(native, new Map([['envoy/add.yaml', 'two']]))
  expect(readdirSync(folder)).toEqual(['add.yaml'])
  const file = join(folder, 'add.yaml')
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
})

test('leaves a file alone that is as it should be', () => {
  const { native } = sandbox({})
  const file = join(native.stateDir, 'envoy/add.yaml')
  writeConfigs(native, new Map([['envoy/add.yaml', 'one']]))
  const { ino } = statSync(file)
  writeConfigs(native, new Map([['envoy/add.yaml', 'one']]))
  expect(statSync(file).ino).toBe(ino)
})

test('an Envoy with other settings is another command, though its words are the same', () => {
  const [one, other] = ['one', 'other'].map(text => envoyCommand('/bin/envoy', 'envoy/add.yaml', text))
  expect(one!.args).toEqual(other!.args)
  expect(one).not.toEqual(other)
  expect(one).toEqual(envoyCommand('/bin/envoy', 'envoy/add.yaml', 'one'))
})

test('an OPA with other settings is another command; its policies and data it reads again by itself', () => {
  const process = {
    name: 'add-opa',
    program: 'opa',
    api: '127.0.3.1:8181',
    listens: [],
    ready: 'http://127.0.3.1:8181/health?plugins',
  } as const
  const command = (text: string) =>
    opaCommand('/bin/opa', { ...process, listens: [] }, 'opa.yaml', text, 'opa/06-opa', 'opa/data.json', {})
  expect(command('one')).not.toEqual(command('two'))
  expect(command('one')).toEqual(command('one'))
  expect(command('one').args).toEqual(expect.arrayContaining(['--watch', 'opa/06-opa', 'opa/data.json']))
})
