import { commented, flow, paragraph } from '../annotated.ts'
import type { Mesh } from '../mesh.ts'
import { requestId } from './access-log.ts'
import { typedConfig } from './typed-config.ts'

const problemType = 'application/problem+json'

/** What a caller is told, as the services say it (services/calculator/src/problem.ts). */
interface Problem {
  type: string
  title: string
  detail: string
}

/**
 * The bodies of Envoy's own answers.
 * @param upstream  whom the caller wanted to reach
 */
export function localReply(upstream: string, mesh: Mesh): Record<string, unknown> {
  const { jwt, authorization } = mesh
  const problem = bodyOf(mesh)
  const mapper = (op: string, status: number, body: Problem) => statusMapper(op, status, problem(body))
  const name = upstream[0]!.toUpperCase() + upstream.slice(1)
  const mappers = [
    ...(jwt ? jwtMappers(jwt.audience, problem) : []),
    ...(authorization ? authorizationMappers(problem) : []),
    mapper('EQ', 408, {
      type: 'request-timeout',
      title: 'Request timeout',
      detail: 'The request did not arrive in time.',
    }),
    mapper('EQ', 431, {
      type: 'headers-too-large',
      title: 'Request header fields too large',
      detail: 'The header has more than 60 KiB, or more than 100 fields.', // what Envoy allows if not told otherwise
    }),
    mapper('LE', 499, {
      type: 'invalid-request',
      title: 'Invalid request',
      detail: 'The path or a header is not valid, or not allowed here.',
    }),
    mapper('EQ', 504, {
      type: 'upstream-timeout',
      title: `${name} too slow`,
      detail: `The ${upstream} did not answer in time.`,
    }),
  ]
  const body_format = problem({
    type: 'upstream-unavailable',
    title: `${name} not available`,
    detail: `The ${upstream} cannot be reached, or has too much to do.`,
  })
  return paragraph("Envoy's own errors look like the services' (RFC 9457). The first that fits is taken.", {
    local_reply_config: { mappers, body_format },
  })
}

/**
 * What the JWT filter refuses: always 401, though for a wrong audience it has 403 in mind, and in words that help nobody to
 * guess (RFC 6750 §3.1).
 * @param realm  whom the token is for
 */
function jwtMappers(realm: string, problem: Body): unknown[] {
  const challenge = `Bearer realm="${realm}"`
  const invalid = `${challenge}, error="invalid_token"`
  return [
    mapperOf('{Jwt_is_missing}', challenge, 'A bearer token is needed: send "Authorization: Bearer …".'),
    mapperOf('{Jwt_is_expired}', invalid, 'The token has expired.'),
    mapperOf('{Audiences_in_Jwt_are_not_allowed}', invalid, 'The token was made for somebody else.'),
    mapperOf('', invalid, 'The token is not valid.'),
  ]

  function mapperOf(cause: string, challenge: string, detail: string): unknown {
    return jwtMapper(cause, challenge, problem({ type: 'unauthorized', title: 'Unauthorized', detail }))
  }
}

/** @param cause  how the reason ends that Envoy has for its answer */
function jwtMapper(cause: string, challenge: string, body_format_override: unknown): unknown {
  const expression = `response.code_details.startsWith('jwt_authn_access_denied${cause}')`
  const header = { key: 'www-authenticate', value: challenge }
  return {
    filter: commented(celFilter(expression), '05: what the JWT filter refuses, and why'),
    status_code: 401,
    headers_to_add: [flow({ header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' })],
    body_format_override,
  }
}

/** A denial is OPA's to explain. That it does not answer is neither the caller's fault nor a no. */
function authorizationMappers(problem: Body): unknown[] {
  return [
    {
      filter: commented(
        celFilter("response.code_details == 'ext_authz_denied' && response.code != 400"),
        '06: OPA says why; a 400 is not its',
      ),
      body_format_override: {
        content_type: problemType,
        text_format_source: flow({ inline_string: '%LOCAL_REPLY_BODY%' }),
      },
    },
    {
      filter: commented(celFilter("response.code_details == 'ext_authz_error'"), '06: OPA does not answer'),
      body_format_override: problem({
        type: 'policy-unavailable',
        title: 'Policy engine not available',
        detail: 'The policy engine does not answer.',
      }),
    },
  ]
}

/** @param expression  in CEL, about the answer */
function celFilter(expression: string): unknown {
  const type = 'envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter'
  const typed_config = typedConfig(type, { expression })
  return { extension_filter: flow({ name: 'envoy.access_loggers.extension_filters.cel', typed_config }) }
}

function statusMapper(op: string, status: number, body_format_override: unknown): unknown {
  const value = { default_value: status, runtime_key: 'none' } // a key is demanded, though nothing is ever looked up
  const filter = flow({ status_code_filter: { comparison: { op, value } } })
  return { filter, body_format_override }
}

/** How a problem is written: from chapter 07 on with the ID of its request, which is null where there is none yet. */
type Body = (problem: Problem) => unknown

function bodyOf({ logs }: Mesh): Body {
  return ({ type, title, detail }) => ({
    content_type: problemType,
    json_format: {
      type: `https://hardway.test/problems/${type}`,
      title,
      status: '%RESPONSE_CODE%',
      detail,
      ...(logs ? { request_id: requestId } : {}),
    },
  })
}
