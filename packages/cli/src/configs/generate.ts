import { drawings } from './drawings.ts'
import { protobuf } from './protobuf.ts'

/** Something that writes committed files. */
export interface Generator {
  /** The folders that hold nothing but its files, relative to the project. */
  folders: string[]
  /** The content of each file by its path, relative to the project. */
  files(root: string): Promise<Map<string, string>>
}

const generators: Generator[] = [protobuf, drawings]

/** Every generated file of the project, and the folders where nothing else may lie. */
export async function generate(root: string): Promise<{ folders: string[]; files: Map<string, string> }> {
  const files = new Map<string, string>()
  for (const generator of generators) {
    for (const [path, content] of await generator.files(root)) files.set(path, content)
  }
  return { folders: generators.flatMap(({ folders }) => folders), files }
}
