import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { Chapter } from '@hardway/compiler'
import { CliError } from './cli-error.ts'
import { parsePage } from './page/parse-page.ts'
import { formatResult } from './page/report.ts'
import { runPage } from './page/run-page.ts'
import type { StepResult } from './page/step.ts'
import type { Platform } from './platform.ts'
import { root } from './root.ts'

/**
 * Runs every command of a chapter's page, and shows what became of each. Nothing of ours runs before or after it.
 * @throws CliError `bad_page` if the page is missing, or is not written as pages must be
 */
export async function readPage(
  { slug }: Chapter,
  platform: Platform,
  signal: AbortSignal,
): Promise<StepResult[]> {
  const file = `docs/${slug}.md`
  if (!existsSync(join(root, file))) throw new CliError('bad_page', `${file}: there is no such page.`)
  const steps = parsePage(readFileSync(join(root, file), 'utf8'), file)
  if (steps.length === 0) throw new CliError('bad_page', `${file}: there is no command in it to run.`)

  console.log(styleText('bold', file))
  await downIfUp(platform, signal)
  try {
    return await runPage(steps, {
      cwd: root,
      env: { ...process.env, MESH_PLATFORM: platform.name },
      platform: platform.name,
      onStep: result => console.log(formatResult(result)),
      signal,
    })
  } finally {
    await downIfUp(platform, new AbortController().signal)
  }
}

async function downIfUp(platform: Platform, signal: AbortSignal): Promise<void> {
  if (await platform.status()) await platform.down(signal)
}
