import { type Document, LineCounter, parseDocument, visit } from 'yaml'
import { MeshError } from './error.ts'
import type { Mesh } from './mesh.ts'
import { ruleProblems } from './mesh-rules.ts'
import { offsetOf } from './offset-of.ts'
import type { Problem } from './problem.ts'
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
  const [first] = schemaProblems(content).sort(bySeverity)
  const problem = first ?? ruleProblems(content as Mesh)[0]
  if (problem) throw new MeshError(problem.code, placeOf(problem.path), problem.problem, problem.hint)
  return { mesh: content as Mesh, placeOf }

  /** What is there and wrong comes before what is missing: a key that is misspelt is both. Then as in the file. */
  function bySeverity(a: Problem, b: Problem): number {
    const missing = ({ code }: Problem) => (code === 'missing_key' ? 1 : 0)
    return missing(a) - missing(b) || offsetOf(document, a.path) - offsetOf(document, b.path)
  }

  function contentOf(document: Document): unknown {
    const [problem] = [...document.errors, ...document.warnings]
    if (problem) {
      const [what = problem.code] = problem.message.split(' at line')
      if (problem.code === 'DUPLICATE_KEY') {
        throw new MeshError(
          'duplicate_key',
          at(problem.pos[0]),
          'this key is there twice',
          'Keep one of the two.',
        )
      }
      throw new MeshError('syntax', at(problem.pos[0]), what, 'This is not YAML yet: mend this line first.')
    }
    visit(document, {
      Alias(_, { source, range }) {
        const hint = 'Write it out: whoever looks for a name here should find it.'
        throw new MeshError('syntax', at(range?.[0] ?? 0), `*${source} stands for something else`, hint)
      },
    })
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
