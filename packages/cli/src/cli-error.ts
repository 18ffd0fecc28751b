/** Everything that can be wrong, and that a reader can mend. */
export type CliErrorCode =
  | 'address_in_use'
  | 'bad_page'
  | 'bad_question'
  | 'bad_state'
  | 'bad_token'
  | 'bench_failed'
  | 'call_failed'
  | 'cannot_start'
  | 'interrupted'
  | 'missing_client'
  | 'missing_image'
  | 'needs_linux'
  | 'no_docker'
  | 'not_ready'
  | 'nothing_runs'
  | 'process_ended'
  | 'too_few_processors'
  | 'tool_failed'
  | 'unknown_name'

/** Something that went wrong for a known reason: what, where, and what to do. Shown without a stack. */
export class CliError extends Error {
  override name = 'CliError'
  code: CliErrorCode
  exitCode: number

  constructor(code: CliErrorCode, message: string, exitCode = 1) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}
