/** Everything that can be wrong with a mesh definition. */
export type MeshErrorCode =
  | 'syntax'
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_type'
  | 'unknown_upstream'
  | 'unknown_chapter'

/** A definition that cannot be compiled: what is wrong, where (`mesh.yaml:12:5`), and what to do. */
export class MeshError extends Error {
  override name = 'MeshError'
  code: MeshErrorCode
  place: string
  hint: string

  constructor(code: MeshErrorCode, place: string, problem: string, hint: string) {
    super(`${place}: ${problem} (${code})\n  ${hint}`)
    this.code = code
    this.place = place
    this.hint = hint
  }
}
