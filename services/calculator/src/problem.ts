/**
 * Every problem that this API answers with, as RFC 9457 wants it: the name ends its `type`, a URI that identifies the
 * problem and leads nowhere (`.test` is reserved for that).
 */
const problems = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  'invalid-operand': { status: 400, title: 'Invalid operand' },
  'invalid-expression': { status: 400, title: 'Invalid expression' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'Request timeout' },
  'content-too-large': { status: 413, title: 'Content too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'headers-too-large': { status: 431, title: 'Request header fields too large' },
  internal: { status: 500, title: 'Internal error' },
  'bad-upstream': { status: 502, title: 'Bad answer from an operation' },
  'upstream-unavailable': { status: 503, title: 'Operation not available' },
  'upstream-timeout': { status: 504, title: 'Operation too slow' },
} as const

type ProblemName = keyof typeof problems

/** The body of an error, `application/problem+json`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
}

/** A problem on its way to the client. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  problem: Problem
  headers: Record<string, string>

  /**
   * @param detail   what is wrong with this request, and what would be right
   * @param headers  what the status demands, such as `WWW-Authenticate` (RFC 9110 §11.6.1) or `Allow` (§10.2.1)
   */
  constructor(name: ProblemName, detail: string, headers: Record<string, string> = {}) {
    super(detail)
    const { status, title } = problems[name]
    this.problem = { type: `https://hardway.test/problems/${name}`, title, status, detail }
    this.headers = headers
  }
}

/** A piece of a request, as it may stand in a detail: quoted, and never long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
