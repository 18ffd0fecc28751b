import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'

/**
 * Lets only those requests in that carry the token (RFC 6750 §2.1). Everybody shares one token: it says that the
 * caller may come in, not who they are.
 * @throws ProblemError 401 with the challenge of RFC 6750 §3: no error code for a request that shows no token
 */
export function requireBearerToken(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(token)
  app.addHook('onRequest', (request, _, done) => {
    const shown = bearerToken(request.headers.authorization ?? '')
    if (shown === undefined) {
      throw new ProblemError('unauthorized', 'A bearer token is needed: send "Authorization: Bearer …".', {
        'www-authenticate': challenge,
      })
    }
    if (!equal(Buffer.from(shown), expected)) {
      throw unauthorized('This bearer token is not the right one.')
    }
    done()
  })
}

const scheme = 'bearer '

function bearerToken(authorization: string): string | undefined {
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined
  return authorization.slice(scheme.length).trim() || undefined
}

/** In a time that tells nothing about the content. The length is no secret: every token is as long as the next. */
function equal(shown: Buffer, expected: Buffer): boolean {
  return shown.length === expected.length && timingSafeEqual(shown, expected)
}

const challenge = 'Bearer realm="calculator"'

/** The answer to a token that is not accepted. */
export function unauthorized(detail: string): ProblemError {
  return new ProblemError('unauthorized', detail, {
    'www-authenticate': `${challenge}, error="invalid_token"`,
  })
}
