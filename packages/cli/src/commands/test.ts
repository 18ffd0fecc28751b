import { styleText } from 'node:util'
import { chapters } from '@hardway/compiler'
import { checkPage } from '../checks/check-page.ts'
import { type Outcome, summary, total } from '../checks/outcome.ts'
import { runStaticChecks } from '../checks/run-static-checks.ts'
import { runTests } from '../checks/run-tests.ts'
import { CliError } from '../cli-error.ts'
import { readMesh } from '../definition.ts'
import { engineAnswers } from '../docker/engine.ts'
import { interruptible } from '../interrupt.ts'
import { requireFree } from '../native/address-in-use.ts'
import { choosePlatform, type Platform, type PlatformName } from '../platform.ts'
import { reportError } from '../report-error.ts'
import { root } from '../root.ts'
import { terminal } from '../voice.ts'

/** Runs every check, or only the tests that the patterns name. The exit code is 1 when one failed. */
export async function test(patterns: string[]) {
  const platforms = patterns.length === 0 ? await platformsToRead() : []
  await requireRoom(platforms)

  const outcome = await interruptible(async signal => {
    const tests = { name: 'tests', run: () => runTests(patterns, signal) }
    const statics = { name: 'static checks', run: () => runStaticChecks(signal) }
    const pages = platforms.flatMap(platform =>
      chapters.map(chapter => ({
        name: `docs/${chapter.slug}.md on ${platform.name}`,
        run: () => checkPage(chapter, platform, signal),
      })),
    )
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

/** Where pages are read: on both platforms, if there are two; MESH_PLATFORM chooses one. */
async function platformsToRead(): Promise<Platform[]> {
  const voice = terminal()
  if (process.env.MESH_PLATFORM) return [await choosePlatform(undefined, voice)]
  const names: PlatformName[] = process.platform === 'linux' ? ['native'] : []
  if (process.env.CI || (await engineAnswers()))
    names.push('docker') // in CI none may be left out
  else console.log(styleText('yellow', 'No Docker engine answers: what needs one is skipped.'))
  return Promise.all(names.map(name => choosePlatform(name, voice)))
}

/** The pages run chapters on their real addresses: better to hear now that one is taken than after some minutes. */
async function requireRoom(platforms: Platform[]): Promise<void> {
  const mesh = readMesh()
  for (const platform of platforms) {
    const running = await platform.status()
    if (running) {
      throw new CliError(
        'address_in_use',
        `Chapter ${running.chapter} is running. Stop it first: ./mesh down`,
      )
    }
    const addresses = chapters.flatMap(chapter => platform.addresses(chapter, mesh))
    await requireFree([...new Set(addresses)], root)
  }
}
