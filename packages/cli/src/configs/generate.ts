import { changesBetweenChapters, changesFolder } from './changes.ts'
import { compose } from './compose.ts'
import { envoy } from './envoy.ts'
import { meshSchema } from './mesh-schema.ts'
import { opa } from './opa.ts'
import { pages } from './pages.ts'
import { prometheus } from './prometheus.ts'
import { protobuf } from './protobuf.ts'

/** Something that writes committed files. */
export interface Generator {
  /** The folders that hold nothing but its files, relative to the project. */
  folders: string[]
  /** The content of each file by its path, relative to the project. */
  files(root: string): Promise<Map<string, string>>
}

/** Those whose files lie in a folder for each chapter. */
const chapterGenerators: Generator[] = [envoy, opa, prometheus, compose]

const generators: Generator[] = [protobuf, pages, meshSchema, ...chapterGenerators]

/** Every generated file of the project, and the folders where nothing else may lie. */
export async function generate(root: string): Promise<{ folders: string[]; files: Map<string, string> }> {
  const files = await filesOf(generators, root)
  for (const [path, content] of changesBetweenChapters(files)) files.set(path, content)
  return { folders: [...generators.flatMap(({ folders }) => folders), changesFolder], files }
}

/** The generated files of all chapters. */
export function generateChapters(root: string): Promise<Map<string, string>> {
  return filesOf(chapterGenerators, root)
}

async function filesOf(generators: Generator[], root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const generator of generators) {
    for (const [path, content] of await generator.files(root)) files.set(path, content)
  }
  return files
}
