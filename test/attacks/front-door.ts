import { type RawAnswer, sendRaw } from '../harness/raw-http.ts'
import type { Guard, Seen } from './attack.ts'
import type { World } from './world.ts'

/** What is said at the front door. */
export interface Request {
  method?: string
  path?: string
  /** Besides Host and Connection; in this order, and some perhaps twice. */
  headers?: (readonly [name: string, value: string])[]
  body?: string | Buffer
}

/** How long an answer may take; nothing here takes longer than five seconds, unless somebody hangs. */
const patience = 10_000

/** The sum that nobody is denied who is known. */
export const sum = '/add?a=6&b=7'

export const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const

/** Asks at the front door, with exactly these bytes. @throws if there is no answer in time, or none at all */
export async function ask({ url }: World, request: Request = {}): Promise<RawAnswer> {
  const { method = 'GET', path = sum, headers = [], body = '' } = request
  const content = Buffer.from(body)
  const ownLength = headers.some(([name]) => name.toLowerCase() === 'content-length')
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...['Host: localhost', 'Connection: close'],
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(content.length > 0 && !ownLength ? [`Content-Length: ${content.length}`] : []),
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('there was no answer')), patience)
  })
  return Promise.race([sendRaw(url, Buffer.concat([head, content])), tooLate]).finally(() =>
    clearTimeout(timer),
  )
}

/** What an answer means for whoever wanted to be served: 200 is an open door. */
export function judge({ status, body }: Pick<RawAnswer, 'status' | 'body'>): Seen {
  if (status === 200) return { door: 'open', saw: `200: ${short(body)}` }
  const { door, detail } = refusal(body)
  return { door, saw: `${status}: ${short(detail)}` }
}

/**
 * Who wrote a refusal. OPA names its rule. Envoy writes a problem's fields in the order of the alphabet, and the application
 * writes its type first; if it only passes on what the Envoy or the OPA before an operation said, it was they who refused.
 */
export function refusal(body: string): { door: Guard; detail: string } {
  const problem = JSON.parse(body) as { detail: string }
  const { detail } = problem
  if (/\(rule [a-z.]+\)$/.test(detail)) return { door: 'OPA', detail }
  if (/^The operation \w+ does not accept this token/.test(detail)) return { door: 'Envoy', detail }
  return { door: Object.keys(problem)[0] === 'type' ? 'application' : 'Envoy', detail }
}

export function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
