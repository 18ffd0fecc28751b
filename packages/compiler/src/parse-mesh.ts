import { type Document, LineCounter, parseDocument } from 'yaml'
import { MeshError } from './error.ts'
import { Mesh } from './mesh.ts'
import { ruleProblems } from './mesh-rules.ts'
import { offsetOf } from './offset-of.ts'
import { schemaProblems } from './schema-problems.ts'

const emptyHint = 'Write down who runs: see mesh.schema.json.'

/** A mesh, and where its parts stand. */
export interface Definition {
  mesh: Mesh
  /** The place of a part (`['workloads', 'add']`), or of what it would be in: `mesh.yaml:12:5`. */
  placeOf(path: string[]): string
}

/**
 * Reads a mesh definition.
 * @param text  YAML 1.2
 * @param file  its name, for messages
 * @throws MeshError with the place of the first thing that is wrong
 */
export function parseMesh(text: string, file?: string): Mesh {
  return parseDefinition(text, file).mesh
}

/** Reads a mesh definition as parseMesh does, for those who will want to say where something stands. */
export function parseDefinition(text: string, file = 'mesh.yaml'): Definition {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const content = contentOf(document)
  const shape = schemaProblems(content)
  const first = shape[0] ?? ruleProblems(content as Mesh)[0]
  if (first) throw new MeshError(first.code, placeOf(first.path), first.problem, first.hint)
  return { mesh: content as Mesh, placeOf }

  function contentOf(document: Document): unknown {
    const [problem] = [...document.errors, ...document.warnings]
    if (problem) {
      const [what = problem.code] = problem.message.split(' at line')
      if (problem.code === 'DUPLICATE_KEY') {
        throw new MeshError('duplicate_key', at(problem.pos[0]), 'this key is there twice', 'Keep one of the two.')
      }
      throw new MeshError('syntax', at(problem.pos[0]), what, 'This is not YAML yet: mend this line first.')
    }
    const content: unknown = document.toJS()
    if (content === null) throw new MeshError('empty', at(0), 'there is nothing in it', emptyHint)
    return content
  }

  function placeOf(path: string[]): string {
    return at(offsetOf(document, path))
  }

  function at(position: number): string {
    const { line, col } = lines.linePos(position)
    return `${file}:${line}:${col}`
  }
}
