import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cpuTime } from './cpu-time.ts'

test('all threads of a process are counted, in microseconds', () => {
  const proc = procWith({ 7: '1500000 20 3\n', 8: '500000 0 1\n' })
  expect(cpuTime(7, proc)).toBe(2_000)
})

test('says that a process ended, and that a kernel does not count', () => {
  expect(() => cpuTime(9, procWith({}))).toThrow('Process 9 ended while it was measured.')
  expect(() => cpuTime(7, procWith({ 7: '0 0 0\n' }))).toThrow('CONFIG_SCHED_INFO')
})

test('agrees with what this process knows of itself', () => {
  const before = { kernel: cpuTime(process.pid), own: process.cpuUsage() }
  while (process.cpuUsage(before.own).user < 50_000) Math.sqrt(2)
  const { user, system } = process.cpuUsage(before.own)
  const used = cpuTime(process.pid) - before.kernel
  expect(used).toBeGreaterThan(0.8 * (user + system))
  expect(used).toBeLessThan(1.3 * (user + system))
})

function procWith(threads: Record<number, string>): string {
  const proc = mkdtempSync(join(tmpdir(), 'hardway-proc-'))
  onTestFinished(() => rmSync(proc, { recursive: true }))
  for (const [thread, text] of Object.entries(threads)) {
    mkdirSync(join(proc, '7/task', thread), { recursive: true })
    writeFileSync(join(proc, '7/task', thread, 'schedstat'), text)
  }
  return proc
}
