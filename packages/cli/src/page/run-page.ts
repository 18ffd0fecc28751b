import { setTimeout } from 'node:timers/promises'
import type { PlatformName } from '../platform.ts'
import { comparison, tidy } from './compare.ts'
import { type Ran, Shell } from './shell.ts'
import type { Step, StepResult } from './step.ts'

export interface RunOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  platform: PlatformName
  /** Called before a step is run. */
  onStart?: (step: Step) => void
  /** Called when it is known what became of a step. */
  onStep?: (result: StepResult) => void
  signal?: AbortSignal
}

const pause = 200 // ms between two tries of a step with `until`

/**
 * Runs the steps of a page in one shell. After a failure only the "Clean up" steps are still run. When it returns or
 * throws, no job that the page started is left in the background and, on Linux, no daemon that kept the environment;
 * one that did not, such as those of `./mesh up`, is for the page's "Clean up" to stop.
 * @throws the reason of the signal if it is aborted, after the "Clean up" steps
 */
export async function runPage(steps: Step[], { signal, ...options }: RunOptions): Promise<StepResult[]> {
  signal?.throwIfAborted()
  const shell = new Shell(options.cwd, options.env)
  const results: StepResult[] = []
  let failed = false
  try {
    for (const step of steps) {
      const result = await resultOf(step)
      failed ||= result.outcome === 'failed'
      results.push(result)
      options.onStep?.(result)
    }
  } finally {
    await shell.close()
  }
  signal?.throwIfAborted()
  return results

  async function resultOf(step: Step): Promise<StepResult> {
    const untouched = { step, milliseconds: 0, output: '' }
    if (step.platform && step.platform !== options.platform) return { ...untouched, outcome: 'skipped' }
    if ((failed || signal?.aborted) && !step.cleanUp) return { ...untouched, outcome: 'not run' }
    options.onStart?.(step)
    return runStep(step, shell, step.cleanUp ? undefined : signal)
  }
}

async function runStep(step: Step, shell: Shell, signal: AbortSignal | undefined): Promise<StepResult> {
  const start = performance.now()
  const limit = AbortSignal.timeout(step.within)
  const stop = signal ? AbortSignal.any([limit, signal]) : limit

  let last = await attempt()
  while (step.until && last.problem && !last.lost && !stop.aborted) {
    await setTimeout(pause, undefined, { signal: stop }).catch(() => {})
    const next = stop.aborted ? last : await attempt()
    if (!stop.aborted || !next.problem) last = next // one that was stopped half-way says less than the one before
  }

  const milliseconds = Math.round(performance.now() - start)
  const { output, problem } = last
  if (!problem) return { step, outcome: 'passed', milliseconds, output }
  return { step, outcome: 'failed', milliseconds, output, problem: late(problem) }

  async function attempt() {
    const ran = await shell.run(step.command, stop)
    return { output: ran.output, problem: problemOf(step, ran), lost: 'lost' in ran }
  }

  function late(problem: string): string {
    if (signal?.aborted) return 'it was interrupted'
    if (!limit.aborted) return problem
    const seconds = `${step.within / 1_000} s`
    return step.until
      ? `not within ${seconds}; at last: ${problem}`
      : `it took longer than ${seconds} and was stopped`
  }
}

function problemOf({ status, mode, expected }: Step, ran: Ran): string | undefined {
  if ('lost' in ran) return ran.lost
  if (status === 'not 0' ? ran.status === 0 : ran.status !== status) {
    return `exit status ${ran.status}, expected ${status}`
  }
  if (expected && !comparison(mode).holds(expected.text, tidy(ran.output))) {
    return `the output is not what the page shows (mode ${mode})`
  }
  return undefined
}
