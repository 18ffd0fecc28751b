import { flow, paragraph } from '../annotated.ts'

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
export function localReply(upstream: string): Record<string, unknown> {
  const name = upstream[0]!.toUpperCase() + upstream.slice(1)
  const mappers = [
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

function mapper(op: string, status: number, body: Problem): unknown {
  const value = { default_value: status, runtime_key: 'none' } // a key is demanded, though nothing is ever looked up
  const filter = flow({ status_code_filter: { comparison: { op, value } } })
  return { filter, body_format_override: problem(body) }
}

function problem({ type, title, detail }: Problem): unknown {
  const json_format = {
    type: `https://hardway.test/problems/${type}`,
    title,
    status: '%RESPONSE_CODE%',
    detail,
  }
  return { content_type: 'application/problem+json', json_format }
}
