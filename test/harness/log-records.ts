import { type LogRecord, logRecord } from '@hardway/cli/log-record'
import type { RunningChapter } from './chapter.ts'

/** The lines that everybody wrote since the chapter was started, by process. */
export async function linesOf(chapter: RunningChapter): Promise<{ process: string; text: string }[]> {
  const names = Object.keys(await chapter.pids())
  return names.flatMap(process =>
    chapter
      .log(process)
      .split('\n')
      .filter(text => text !== '')
      .map(text => ({ process, text })),
  )
}

/** What everybody wrote about one request so far, in the order in which its parts began. */
export async function recordsOf(chapter: RunningChapter, id: string): Promise<LogRecord[]> {
  const records = (await linesOf(chapter)).map(line => logRecord(line))
  return records
    .filter(record => record?.request_id === id)
    .toSorted((a, b) => a!.start - b!.start) as LogRecord[]
}
