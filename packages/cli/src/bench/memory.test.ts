import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { memoryOf } from './memory.ts'

const rollup = `55d76bf7a000-7fff5f458000 ---p 00000000 00:00 0                          [rollup]
Rss:               66320 kB
Pss:               15423 kB
Pss_Anon:          14112 kB
Anonymous:         15360 kB
AnonHugePages:      2048 kB
`

test('tells what is its own from what the files of its program are', () => {
  const proc = mkdtempSync(join(tmpdir(), 'hardway-proc-'))
  onTestFinished(() => rmSync(proc, { recursive: true }))
  mkdirSync(join(proc, '7'))
  writeFileSync(join(proc, '7/smaps_rollup'), rollup)
  expect(memoryOf(7, proc)).toEqual({ own: 15_360 * 1024, resident: 66_320 * 1024 })
  expect(() => memoryOf(8, proc)).toThrow('Process 8 ended')
})

test('reads what this kernel says', () => {
  const { own, resident } = memoryOf(process.pid)
  expect(own).toBeGreaterThan(2 ** 20)
  expect(resident).toBeGreaterThan(own)
})
