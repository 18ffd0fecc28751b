import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Takes bodies of JSON in UTF-8 (RFC 8259 §8.1), and no other. Fastify's own parser would mend broken UTF-8 silently. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => {
    let text: string
    try {
      text = utf8.decode(body)
    } catch {
      throw new ProblemError('invalid-request', 'The body is not valid UTF-8.')
    }
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new ProblemError('invalid-request', `The body is not valid JSON: ${(error as Error).message}.`)
    }
  })
}
