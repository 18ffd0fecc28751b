import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { type PodFiles, readPodFiles, replacePodFiles, writeIssue } from './pod-folder.ts'

const now = new Date('2026-01-01T00:00:00Z')
const newFolder = () => mkdtempSync(join(tmpdir(), 'pod-'))
const files = (text: string): PodFiles => ({ svid: text, key: text, bundle: text, jwtAuthn: text })

test('all files change together, and the ones before stay for who is reading them', () => {
  const folder = newFolder()
  replacePodFiles(folder, files('1'), now)
  const first = readlinkSync(join(folder, 'current'))
  replacePodFiles(folder, files('2'), now)
  const second = readlinkSync(join(folder, 'current'))
  expect(readPodFiles(folder)).toEqual(files('2'))
  expect(readdirSync(folder).sort()).toEqual([first, second, 'current'].sort())
  replacePodFiles(folder, files('3'), now)
  const third = readlinkSync(join(folder, 'current'))
  expect(readdirSync(folder).sort()).toEqual([second, third, 'current'].sort())
})

test('an issue that was never finished leaves the current one as it is, and is cleared away by the next', () => {
  const folder = newFolder()
  replacePodFiles(folder, files('1'), now)
  const unfinished = writeIssue(folder, files('2'), now)
  expect(readPodFiles(folder)).toEqual(files('1'))
  expect(readdirSync(folder)).toContain(unfinished)
  replacePodFiles(folder, files('3'), now)
  expect(readdirSync(folder)).not.toContain(unfinished)
})

test('what somebody else put there stays', () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'notes'), '')
  replacePodFiles(folder, files('1'), now)
  replacePodFiles(folder, files('2'), now)
  expect(readdirSync(folder)).toContain('notes')
})

test('a failure leaves nothing behind', () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'current', 'in the way'), { recursive: true })
  expect(() => replacePodFiles(folder, files('1'), now)).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
  expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([])
  rmSync(join(folder, 'current'), { recursive: true })
  replacePodFiles(folder, files('1'), now)
  expect(readdirSync(folder)).toHaveLength(2)
})

test('a file that an earlier issue had is gone with it', () => {
  const folder = newFolder()
  replacePodFiles(folder, files('1'), now)
  const { svid, key, bundle } = files('2')
  replacePodFiles(folder, { svid, key, bundle }, now)
  expect(readPodFiles(folder)).toEqual({ svid, key, bundle })
})

test('whenever a process that writes is killed, the pod has one whole issue', async () => {
  const folder = newFolder()
  const program = `
    import { replacePodFiles } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'pod-folder.ts')).href)}
    for (let issue = 0; ; issue++) {
      const text = String(issue).repeat(50_000)
      replacePodFiles(${JSON.stringify(folder)}, { svid: text, key: text, bundle: text, jwtAuthn: text }, new Date())
    }`
  for (let kill = 0; kill < 4; kill++) {
    const before = readPodFiles(folder)?.svid
    const writer = execa(process.execPath, ['--input-type=module', '--eval', program], { reject: false })
    await expect
      .poll(() => readPodFiles(folder)?.svid ?? before, { timeout: 20_000, interval: 1 })
      .not.toBe(before)
    writer.kill('SIGKILL')
    expect((await writer).signal).toBe('SIGKILL')
    const whole = readPodFiles(folder)!
    expect(new Set(Object.values(whole)).size).toBe(1)
    expect(whole.svid).toMatch(/^(\d+)\1{49999}$/)
  }
  replacePodFiles(folder, files('last'), now)
  expect(readdirSync(folder)).toHaveLength(3)
}, 60_000)
