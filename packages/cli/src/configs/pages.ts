import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseMesh } from '@hardway/compiler'
import { plot } from '../bench/plot.ts'
import type { Result } from '../bench/result.ts'
import { summarize } from '../bench/summary.ts'
import { withCosts } from './costs.ts'
import { withDrawings } from './drawings.ts'
import type { Generator } from './generate.ts'

/** What a benchmark measured that somebody thought worth keeping: `./mesh bench --json docs/bench/result.json`. */
const resultFile = 'docs/bench/result.json'

/** What is drawn and computed in the pages. A page is written by hand; only what is between two marker comments is generated. */
export const pages: Generator = {
  folders: [],
  async files(root) {
    const mesh = parseMesh(await readFile(join(root, 'mesh.yaml'), 'utf8'))
    const result: Result = JSON.parse(await readFile(join(root, resultFile), 'utf8'))
    const names = (await readdir(join(root, 'docs'))).filter(name => name.endsWith('.md')).sort()
    const contents = names.map(async name => {
      const path = join('docs', name)
      const page = await readFile(join(root, path), 'utf8')
      return [path, withCosts(withDrawings(page, path, mesh), path, result)] as const
    })
    return new Map([...(await Promise.all(contents)), ['docs/bench/cpu.svg', plot(summarize(result))]])
  },
}
