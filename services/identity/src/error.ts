/** Everything that can be wrong, and that an operator can mend. */
export type IdentityServiceErrorCode =
  | 'bad_registration'
  | 'bad_setting'
  | 'bad_state'
  | 'no_state'
  | 'bad_envoy_file'
  | 'bad_lifetime'
  | 'not_now'
  | 'nobody_serves'
  | 'no_such_file'

/** Something that went wrong for a known reason: what, where, and what to do. Shown without a stack. */
export class IdentityServiceError extends Error {
  override name = 'IdentityServiceError'
  code: IdentityServiceErrorCode

  constructor(code: IdentityServiceErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** What an error says, in one line; never a stack, and never what was being read or signed. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/\s*\n\s*/g, '. ')
}
