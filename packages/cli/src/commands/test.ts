import { styleText } from 'node:util'
import { chapters } from '@hardway/compiler'
import { checkPage } from '../checks/check-page.ts'
import { type Outcome, summary, total } from '../checks/outcome.ts'
import { runStaticChecks } from '../checks/run-static-checks.ts'
import { runTests } from '../checks/run-tests.ts'
import { CliError } from '../cli-error.ts'
import { readMesh } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { requireFree } from '../native/address-in-use.ts'
import { choosePlatform, type Platform } from '../platform.ts'
import { reportError } from '../report-error.ts'
import { root } from '../root.ts'
import { terminal } from '../voice.ts'

/** Runs every check, or only the tests that the patterns name. The exit code is 1 when one failed. */
export async function test(patterns: string[]) {
  const platform = await choosePlatform(undefined, terminal())
  if (patterns.length === 0) await requireRoom(platform)

  const outcome = await interruptible(async signal => {
    const tests = { name: 'tests', run: () => runTests(patterns, signal) }
    const statics = { name: 'static checks', run: () => runStaticChecks(signal) }
    const pages = chapters.map(chapter => {
      return { name: `docs/${chapter.slug}.md`, run: () => checkPage(chapter, platform, signal) }
    })
    const outcomes: Outcome[] = []
    for (const { name, run } of patterns.length > 0 ? [tests] : [statics, tests, ...pages]) {
      outcomes.push(await outcomeOf(name, run, signal))
    }
    return total(outcomes)
  })

  for (const failure of outcome.failures) console.log(styleText('red', `failed: ${failure}`))
  console.log(summary(outcome))
  if (outcome.failures.length > 0) process.exitCode = 1
}

/** What checks came to; those that broke off without a result are one failure. */
async function outcomeOf(name: string, run: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    signal.throwIfAborted()
    reportError(error)
    return { passed: 0, skipped: 0, failures: [name] }
  }
}

/** The pages run chapters on their real addresses: better to hear now that one is taken than after some minutes. */
async function requireRoom(platform: Platform): Promise<void> {
  const running = await platform.status()
  if (running) {
    throw new CliError('address_in_use', `Chapter ${running.chapter} is running. Stop it first: ./mesh down`)
  }
  const mesh = readMesh()
  const processes = chapters.flatMap(chapter => platform.pods(chapter, mesh).flatMap(pod => pod.processes))
  await requireFree([...new Set(processes.flatMap(({ listens }) => listens))], root)
}
