import { mkdtempSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inotifyHint } from './inotify.ts'

test('who may watch no more files is told how many there are, and what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardway-watch-'))
  const watcher = watch(folder)
  try {
    expect(inotifyHint(1_000_000)).toBeUndefined()
    expect(inotifyHint(1)).toMatch(
      /^Files are watched .* of the 1 that Linux allows a user, [1-9]\d* are in use\.\nStop .* sysctl fs\.inotify/,
    )
  } finally {
    watcher.close()
    rmSync(folder, { recursive: true })
  }
})
