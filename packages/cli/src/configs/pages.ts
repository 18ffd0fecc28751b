import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseMesh } from '@hardway/compiler'
import { plot } from '../bench/plot.ts'
import type { Result } from '../bench/result.ts'
import { summarize } from '../bench/summary.ts'
import { type SeenAttacks, withAttacks } from './attacks.ts'
import { withCosts } from './costs.ts'
import { withDrawings } from './drawings.ts'
import { withFlags } from './flags.ts'
import type { Generator } from './generate.ts'

/** What a benchmark measured that somebody thought worth keeping: `./mesh bench --json docs/bench/result.json`. */
const resultFile = 'docs/bench/result.json'

/** What the tests in test/attacks saw on a platform. */
const seenFile = (platform: SeenAttacks['platform']) => `test/attacks/seen/${platform}.json`

/** What is drawn and computed in the pages. A page is written by hand; only what is between two marker comments is generated. */
export const pages: Generator = {
  folders: [],
  async files(root) {
    const mesh = parseMesh(await readFile(join(root, 'mesh.yaml'), 'utf8'))
    const readJson = async (path: string) => JSON.parse(await readFile(join(root, path), 'utf8'))
    const result: Result = await readJson(resultFile)
    const docker: SeenAttacks = await readJson(seenFile('docker'))
    const native: SeenAttacks = await readJson(seenFile('native'))
    const names = (await readdir(join(root, 'docs'))).filter(name => name.endsWith('.md')).sort()
    const contents = names.map(async name => {
      const path = join('docs', name)
      const page = await readFile(join(root, path), 'utf8')
      const drawn = withFlags(withDrawings(page, path, mesh), path)
      return [path, withAttacks(withCosts(drawn, path, result), path, { docker, native })] as const
    })
    return new Map([...(await Promise.all(contents)), ['docs/bench/cpu.svg', plot(summarize(result))]])
  },
}
