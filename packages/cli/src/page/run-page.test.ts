import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processId } from '../native/process-id.ts'
import { parsePage } from './parse-page.ts'
import { formatResult } from './report.ts'
import { type RunOptions, runPage } from './run-page.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** A step of a page; `expected` is left out in mode ok. */
function step(settings: string, command: string, expected?: string): string {
  const output = expected === undefined ? '' : `\`\`\`\n${expected}\n\`\`\`\n`
  return `<!-- run: ${settings} -->\n\`\`\`sh\n${command}\n\`\`\`\n${output}\n`
}

function run(page: string, options: Partial<RunOptions> = {}) {
  return runPage(parsePage(page, 'page.md'), {
    cwd: folder,
    env: process.env,
    platform: 'native',
    ...options,
  })
}

async function only(page: string) {
  const [result] = await run(page)
  return result!
}

function pidIn(file: string): number {
  return Number(readFileSync(join(folder, file), 'utf8'))
}

describe('a step', () => {
  it.each([
    ['same', 'echo a', 'a', 'b'],
    ['contains', 'echo abc', 'b', 'x'],
    ['lines', 'echo a; echo b; echo c', 'a\nc', 'c\na'],
    ['matches', 'echo a1', 'a\\d', 'a\\s'],
    ['json', `echo '{"a":1,"b":2}'`, '{"a": 1}', '{"a": 2}'],
  ])(
    'in mode %s passes with the right output, and fails when the page shows another',
    async (mode, command, right, wrong) => {
      expect(await only(step(mode, command, right))).toMatchObject({ outcome: 'passed' })
      expect(await only(step(mode, command, wrong))).toMatchObject({
        outcome: 'failed',
        problem: `the output is not what the page shows (mode ${mode})`,
      })
    },
  )

  it('says how long it took, and what it printed', async () => {
    expect(await only(step('ok', 'echo a'))).toEqual({
      ...{ step: expect.objectContaining({ line: 2 }), outcome: 'passed', output: 'a\n' },
      milliseconds: expect.any(Number),
    })
  })

  it.each([
    ['ok', 'true', undefined],
    ['ok', '( exit 22 )', 'exit status 22, expected 0'],
    ['ok, fails', '( exit 22 )', undefined],
    ['ok, fails', 'true', 'exit status 0, expected not 0'],
    ['ok, fails 22', '( exit 22 )', undefined],
    ['ok, fails 22', '( exit 23 )', 'exit status 23, expected 22'],
    [
      'ok, fails 3',
      'exit 3',
      "the shell ended with exit status 3, as a reader's terminal would; put what ends it in parentheses: ( … )",
    ],
  ])('with "%s" judges the status of %s', async (settings, command, problem) => {
    const result = await only(step(settings, command))
    expect(result.outcome).toBe(problem ? 'failed' : 'passed')
    expect(result.problem).toBe(problem)
  })

  it('must have both the output and the status', async () => {
    expect(await only(step('same, fails', 'echo a; false', 'a'))).toMatchObject({ outcome: 'passed' })
    expect(await only(step('same', 'echo a; false', 'a'))).toMatchObject({ outcome: 'failed' })
    expect(await only(step('same, fails', 'echo b; false', 'a'))).toMatchObject({ outcome: 'failed' })
  })

  it('past its time limit is stopped with all that it started', async () => {
    const result = await only(
      step('ok, within 2s', 'sleep 1000 >/dev/null 2>&1 &\necho $! > pid; echo begun; sleep 1000'),
    )
    expect(result).toMatchObject({
      outcome: 'failed',
      problem: 'it took longer than 2 s and was stopped',
      output: 'begun\n',
    })
    expect(processId(pidIn('pid'))).toBeUndefined()
  })
})

describe('a step with until', () => {
  it('is tried again until it holds', async () => {
    const result = await only(step('same, until', 'echo x >> tries; wc -l < tries', '3'))
    expect(result).toMatchObject({ outcome: 'passed', output: '3\n' })
    expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('x\nx\nx\n')
  })

  it('fails at its time limit, with what it saw last', async () => {
    expect(await only(step('same, until, within 2s', 'echo no', 'yes'))).toMatchObject({
      outcome: 'failed',
      problem: 'not within 2 s; at last: the output is not what the page shows (mode same)',
      output: 'no\n',
    })
  })

  it('shows the last try that came to its end, rather than one that was stopped', async () => {
    const command = 'echo no; [ -e tried ] && sleep 1000; touch tried'
    expect(await only(step('same, until, within 2s', command, 'yes'))).toMatchObject({
      problem: 'not within 2 s; at last: the output is not what the page shows (mode same)',
      output: 'no\n',
    })
  })

  it('waits for a failure too', async () => {
    const page = step('ok', 'sleep 0.3 &') + step('ok, until, fails', 'kill -0 $! 2>/dev/null')
    expect(await run(page)).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }])
  })

  it('is not tried again in a shell that has ended', async () => {
    expect(await only(step('ok, until', 'echo x >> tries; exit 3'))).toMatchObject({ outcome: 'failed' })
    expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('x\n')
  })
})

describe('a page', () => {
  it('carries variables from one step to the next', async () => {
    expect(await run(step('ok', 'TOKEN=secret') + step('same', 'echo "$TOKEN"', 'secret'))).toMatchObject([
      { outcome: 'passed' },
      { outcome: 'passed' },
    ])
  })

  it('skips the steps of the other platform', async () => {
    const page = step('ok, platform docker', 'touch docker') + step('ok, platform native', 'touch native')
    expect((await run(page)).map(({ outcome }) => outcome)).toEqual(['skipped', 'passed'])
    expect([existsSync(join(folder, 'docker')), existsSync(join(folder, 'native'))]).toEqual([false, true])
  })

  it('ends at a failure, but cleans up in the same shell', async () => {
    const cleanUp = `## Clean up\n${step('same', 'echo "$X"', 'other')}${step('same', 'echo "$X"', '1')}`
    const page = step('ok', 'X=1; false') + step('ok', 'touch never') + cleanUp
    const told: string[] = []
    const started: number[] = []
    const results = await run(page, {
      onStep: ({ outcome }) => told.push(outcome),
      onStart: ({ line }) => started.push(line),
    })
    const outcomes = ['failed', 'not run', 'failed', 'passed']
    expect(results.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(told).toEqual(outcomes)
    expect(started).toEqual([2, 13, 21])
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it('cleans up in a new shell after a command was stopped', async () => {
    const page = `${step('ok, within 1s', 'sleep 1000')}# Clean up\n${step('ok', 'touch clean')}`
    expect((await run(page)).map(({ outcome }) => outcome)).toEqual(['failed', 'passed'])
    expect(existsSync(join(folder, 'clean'))).toBe(true)
  })

  it('leaves nothing in the background', async () => {
    const page = step('ok', 'sleep 1000 &\necho $! > pid') + step('ok', 'kill -0 "$(cat pid)"')
    expect(await run(page)).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }])
    expect(processId(pidIn('pid'))).toBeUndefined()
  })
})

it('a page that went stale is reported, with the place and both sides', async () => {
  const page = `# Title\n\n${step('same', 'echo one; echo 2', 'one\n2')}`
  expect(await only(page)).toMatchObject({ outcome: 'passed' })
  const stale = await only(page.replace('\none\n', '\nONE\n'))
  expect(
    stripVTControlCharacters(formatResult({ ...stale, milliseconds: 7 }, 47)),
  ).toBe(`✗ echo one; echo 2 (7 ms)
  page.md:4: the output is not what the page shows (mode same)

    echo one; echo 2

    expected (line 7)      actual
    ONE                  ≠ one
    2                    │ 2
`)
})

describe('an interrupted page', () => {
  const page = `${step('ok', 'sleep 1000 &\necho $! > job')}${step('ok', 'echo $$ > shell; sleep 1000')}${step('ok', 'touch never')}
## Clean up
${step('ok', 'touch clean')}`

  it('ends its command, cleans up, and throws the reason', async () => {
    const stop = new AbortController()
    const results: (string | undefined)[] = []
    const running = run(page, {
      signal: stop.signal,
      onStart: ({ line }) => line > 6 && line < 14 && stop.abort(new Error('enough')),
      onStep: ({ outcome, problem }) => results.push(problem ?? outcome),
    })
    await expect(running).rejects.toThrow('enough')
    expect(results).toEqual(['passed', 'it was interrupted', 'not run', 'passed'])
    expect(processId(pidIn('job'))).toBeUndefined()
    expect([existsSync(join(folder, 'never')), existsSync(join(folder, 'clean'))]).toEqual([false, true])
  })

  it('runs nothing if it was interrupted before', async () => {
    await expect(run(page, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect(existsSync(join(folder, 'job'))).toBe(false)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind after %s', async signal => {
    const runner = start(page)
    await expect
      .poll(() => existsSync(join(folder, 'shell')) && pidIn('shell'), { timeout: 10_000 })
      .toBeGreaterThan(0)
    expect([processId(pidIn('job')), processId(pidIn('shell'))]).not.toContain(undefined)
    const ended = once(runner, 'exit')
    runner.kill(signal)
    expect(await ended).toEqual([signal === 'SIGINT' ? 130 : 143, null])
    expect([processId(pidIn('job')), processId(pidIn('shell'))]).toEqual([undefined, undefined])
    expect([existsSync(join(folder, 'never')), existsSync(join(folder, 'clean'))]).toEqual([false, true])
  })

  it('leaves nothing behind when the runner itself is killed and its last command has ended', async () => {
    const runner = start(step('ok', 'sleep 1000 & echo $! > job; until [ -e go ]; do sleep 0.02; done'))
    await expect
      .poll(() => existsSync(join(folder, 'job')) && pidIn('job'), { timeout: 10_000 })
      .toBeGreaterThan(0)
    expect(processId(pidIn('job'))).toBeDefined()
    const ended = once(runner, 'exit')
    runner.kill('SIGKILL')
    await ended
    writeFileSync(join(folder, 'go'), '')
    await expect.poll(() => processId(pidIn('job')), { timeout: 10_000 }).toBeUndefined()
  })

  /** Runs a page as `./mesh read` does, in a process of its own. */
  function start(text: string) {
    const program = `
      import { interruptible } from '${new URL('../interrupt.ts', import.meta.url)}'
      import { parsePage } from '${new URL('parse-page.ts', import.meta.url)}'
      import { runPage } from '${new URL('run-page.ts', import.meta.url)}'
      const steps = parsePage(${JSON.stringify(text)}, 'page.md')
      const options = { cwd: ${JSON.stringify(folder)}, env: process.env, platform: 'native' }
      await interruptible(signal => runPage(steps, { ...options, signal })).catch(error => {
        process.exitCode = error.exitCode
      })`
    return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  }
})
