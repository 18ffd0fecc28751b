import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { Chapter } from '@hardway/compiler'
import { CliError } from './cli-error.ts'
import { filesIn } from './configs/files-in.ts'
import { parsePage } from './page/parse-page.ts'
import { formatResult } from './page/report.ts'
import { runPage } from './page/run-page.ts'
import type { StepResult } from './page/step.ts'
import type { Platform } from './platform.ts'
import { root } from './root.ts'

/**
 * Runs every command of a chapter's page, and then of the pages in the folder of the same name, and shows what became of
 * each. Nothing of ours runs before or after a page.
 * @throws CliError `bad_page` if the chapter's page is missing, or one is not written as pages must be
 */
export async function readPages(
  { slug }: Chapter,
  platform: Platform,
  signal: AbortSignal,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const file of pagesOf(slug)) results.push(...(await readPage(file, platform, signal)))
  return results
}

function pagesOf(slug: string): string[] {
  const page = `docs/${slug}.md`
  if (!existsSync(join(root, page))) throw new CliError('bad_page', `${page}: there is no such page.`)
  return [page, ...filesIn(root, `docs/${slug}`).filter(file => file.endsWith('.md'))]
}

async function readPage(file: string, platform: Platform, signal: AbortSignal): Promise<StepResult[]> {
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
