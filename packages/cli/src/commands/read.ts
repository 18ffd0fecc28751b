import { chapters } from '@hardway/compiler'
import { chapterOrNewest } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { formatSummary } from '../page/report.ts'
import { choosePlatform, type PlatformName } from '../platform.ts'
import { readPages } from '../read-page.ts'
import { terminal } from '../voice.ts'

/** Reads one page, or all. The exit code is 1 when a step failed. */
export async function read(
  name: string | undefined,
  { platform: platformName }: { platform?: PlatformName },
) {
  const platform = await choosePlatform(platformName, terminal())
  const wanted = name === undefined ? chapters : [chapterOrNewest(name)]
  const results = await interruptible(async signal => {
    const pages = []
    for (const chapter of wanted) pages.push(await readPages(chapter, platform, signal))
    return pages.flat()
  })
  console.log(formatSummary(results))
  if (results.some(({ outcome }) => outcome === 'failed' || outcome === 'not run')) process.exitCode = 1
}
