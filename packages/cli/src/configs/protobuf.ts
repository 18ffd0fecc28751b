import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExecaError, execa } from 'execa'
import { CliError } from '../cli-error.ts'
import { toolOptions } from '../tool.ts'
import { filesIn } from './files-in.ts'
import type { Generator } from './generate.ts'

const folder = 'services/api/src/gen'

/** The TypeScript of the wire, from services/api/proto, as buf.gen.yaml says. */
export const protobuf: Generator = {
  folders: [folder],
  async files(root) {
    const output = await mkdtemp(join(tmpdir(), 'hardway-buf-'))
    try {
      await execa('buf', ['generate', '--output', output], { ...toolOptions, cwd: root })
      const paths = filesIn(output, folder)
      const contents = await Promise.all(paths.map(path => readFile(join(output, path), 'utf8')))
      return new Map(paths.map((path, index) => [path, contents[index]!]))
    } catch (error) {
      if (error instanceof ExecaError)
        throw new CliError('tool_failed', `buf generate failed:\n${error.message}`)
      throw error
    } finally {
      await rm(output, { recursive: true })
    }
  },
}
