import type { Chapter } from '@hardway/compiler'
import type { Platform } from '../platform.ts'
import { readPages } from '../read-page.ts'
import type { Outcome } from './outcome.ts'

/** Reads a chapter's page. A step that was not run did not pass. */
export async function checkPage(chapter: Chapter, platform: Platform, signal: AbortSignal): Promise<Outcome> {
  const results = await readPages(chapter, platform, signal)
  const failed = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'not run')
  return {
    passed: results.filter(({ outcome }) => outcome === 'passed').length,
    skipped: results.filter(({ outcome }) => outcome === 'skipped').length,
    failures: failed.map(({ step, outcome }) => `${step.file}:${step.line}: ${outcome}`),
  }
}
