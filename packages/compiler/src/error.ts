/** Everything that can be wrong with a mesh definition, and with what is made of it. */
export type MeshErrorCode =
  // the file
  | 'syntax'
  | 'empty'
  | 'duplicate_key'
  // its shape
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_type'
  | 'not_one_of'
  | 'out_of_range'
  | 'bad_name'
  | 'bad_duration'
  | 'bad_size'
  | 'bad_trust_domain'
  // what it means
  | 'missing_section'
  | 'reserved_name'
  | 'duplicate_name'
  | 'unknown_upstream'
  | 'duplicate_upstream'
  | 'calls_itself'
  | 'cycle'
  | 'wrong_protocol'
  | 'unknown_operation'
  | 'duplicate_operation'
  | 'unknown_chapter'
  // what Envoy would say to it
  | 'unknown_field'
  | 'deprecated_field'
  | 'wrong_value'

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
