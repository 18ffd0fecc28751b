import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { findAllMarked } from '../native/state.ts'
import { root } from '../root.ts'
import { toolOptions } from '../tool.ts'
import type { Outcome } from './outcome.ts'

/** The part that we read of what vitest's JSON reporter writes. */
interface Report {
  success: boolean
  testResults: {
    name: string
    status: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

/**
 * Runs the unit and system tests; vitest itself shows how they do.
 * @param patterns  only files whose path contains one of these; all if there is none
 */
export async function runTests(patterns: string[], signal: AbortSignal): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'hardway-test-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const env = { ...toolOptions.env, TMPDIR: folder }
    const options = { ...toolOptions, env, stdio: 'inherit', reject: false, cancelSignal: signal } as const
    await execa('vitest', ['run', ...reporters, ...patterns], options)
    signal.throwIfAborted()
    if (!existsSync(file)) throw new CliError('tool_failed', 'vitest ended without a result.')
    return outcomeOf(JSON.parse(await readFile(file, 'utf8')))
  } finally {
    // Tests keep the state of what they start in the folder for temporary files. After Ctrl-C they could not stop it.
    for (const { pid } of findAllMarked(folder)) killIfAlive(pid)
    await rm(folder, { recursive: true, force: true })
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it ended just now
  }
}

/** Counts tests. A file that could not be loaded, a run that failed all the same, and no test at all are failures. */
export function outcomeOf({ success, testResults }: Report): Outcome {
  const failures: string[] = []
  const counts = { passed: 0, skipped: 0 }
  for (const { name, status, assertionResults } of testResults) {
    const failed = assertionResults.filter(result => result.status === 'failed')
    const file = relative(root, name)
    failures.push(...failed.map(({ fullName }) => `${file}: ${fullName}`))
    if (status === 'failed' && failed.length === 0) failures.push(file)
    counts.passed += assertionResults.filter(result => result.status === 'passed').length
    counts.skipped += assertionResults.filter(
      ({ status }) => status !== 'passed' && status !== 'failed',
    ).length
  }
  if (failures.length === 0 && counts.passed === 0) failures.push('vitest found no test')
  else if (failures.length === 0 && !success) failures.push('vitest failed outside of any test')
  return { ...counts, failures }
}
