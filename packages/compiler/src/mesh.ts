import Type, { type Static } from 'typebox'
import { Errors } from 'typebox/value'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { MeshError, type MeshErrorCode } from './error.ts'

const strict = { additionalProperties: false }

const Workload = Type.Object(
  {
    serves: Type.Enum(['http', 'grpc'], { description: 'What the application speaks.' }),
    calls: Type.Optional(Type.Array(Type.String(), { description: 'The workloads that it calls.' })),
  },
  strict,
)
export type Workload = Static<typeof Workload>

/** The definition of the mesh, as written in mesh.yaml. */
export const Mesh = Type.Object(
  {
    monolith: Type.Optional(Workload),
    workloads: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }), Workload, strict),
    ),
  },
  strict,
)
export type Mesh = Static<typeof Mesh>

const codes: Record<string, MeshErrorCode> = { additionalProperties: 'unknown_key', required: 'missing_key' }

/**
 * Reads a mesh definition.
 * @param text  YAML 1.2
 * @param file  its name, for messages
 * @throws MeshError with the place of the first thing that is wrong
 */
export function parseMesh(text: string, file = 'mesh.yaml'): Mesh {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const syntax = document.errors[0]
  if (syntax) {
    const [problem = syntax.code] = syntax.message.split(' at line')
    throw new MeshError('syntax', at(syntax.pos[0]), problem, 'This is not YAML yet: mend this line first.')
  }

  const mesh: unknown = document.toJS()
  const [error] = Errors(Mesh, mesh).filter(({ keyword }) => keyword !== 'boolean')
  if (error) {
    const path = error.instancePath.split('/').slice(1)
    const [unknown] = 'additionalProperties' in error.params ? error.params.additionalProperties : []
    const missing = 'requiredProperties' in error.params ? error.params.requiredProperties : []
    const where = path.join('.') || 'the definition'
    if (unknown !== undefined) {
      throw new MeshError(
        'unknown_key',
        at(offset([...path, unknown])),
        `${where} has no key "${unknown}"`,
        hint(error.message),
      )
    }
    const problem = missing.length ? `${where} lacks ${missing.join(', ')}` : `${where} ${error.message}`
    throw new MeshError(
      codes[error.keyword] ?? 'wrong_type',
      at(offset(path)),
      problem,
      hint(JSON.stringify(error.params)),
    )
  }

  for (const [name, { calls = [] }] of Object.entries((mesh as Mesh).workloads ?? {})) {
    for (const [index, upstream] of calls.entries()) {
      if ((mesh as Mesh).workloads?.[upstream]) continue
      const known = Object.keys((mesh as Mesh).workloads ?? {}).join(', ')
      const place = at(offset(['workloads', name, 'calls', `${index}`]))
      throw new MeshError(
        'unknown_upstream',
        place,
        `${name} calls "${upstream}", which is no workload`,
        `The workloads are: ${known}.`,
      )
    }
  }
  return mesh as Mesh

  function hint(detail: string): string {
    return `See packages/compiler/src/mesh.ts for what may stand here: ${detail}.`
  }

  function at(position: number): string {
    const { line, col } = lines.linePos(position)
    return `${file}:${line}:${col}`
  }

  /** Where a path's key (or list item) begins in the text. */
  function offset(path: string[]): number {
    const parent = document.getIn(path.slice(0, -1), true)
    const key =
      isMap(parent) && parent.items.find(item => isScalar(item.key) && item.key.value === path.at(-1))?.key
    const node = isScalar(key) ? key : document.getIn(path, true)
    return (isScalar(node) || isMap(node)) && node.range ? node.range[0] : 0
  }
}
