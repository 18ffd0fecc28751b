import type { LogOptions } from '../platform.ts'
import { type Decision, decisionOf, noDecision, type OpaResult } from './decision.ts'
import type { Hop } from './hops.ts'

/** A decision that an OPA took, and wrote into its log: a denial, or one that a candidate would take otherwise. */
export interface Decided {
  /** ISO 8601. */
  time: string
  /** Envoy's x-request-id; nothing if it told none. */
  request?: string
  /** As people say it: client/alice. */
  person: string
  hop: Hop
  decision: Decision
}

/** The part that we read of a line in OPA's decision log. */
interface Entry {
  timestamp: string
  input: {
    attributes: {
      source?: { principal?: string }
      contextExtensions?: { workload?: string }
      metadataContext?: { filterMetadata?: Record<string, { jwt?: { sub?: string } }> }
      request: { http: { method: string; path: string; headers?: Record<string, string> } }
    }
  }
  result?: OpaResult
  error?: { message: string }
}

/** The decisions that all OPAs of the chapter wrote down, in the order in which they were taken. */
export async function decided(
  platform: { logs(options: LogOptions): AsyncIterable<string> },
  signal: AbortSignal,
): Promise<Decided[]> {
  const all: Decided[] = []
  for await (const line of platform.logs({ signal })) {
    const decision = decidedIn(line)
    if (decision) all.push(decision)
  }
  return all.sort((a, b) => orderOf(a).localeCompare(orderOf(b)))
}

/** Go leaves zeros at the end of a fraction out: with the Z, .12 would come after .123. */
function orderOf({ time }: Decided): string {
  return time.replace(/Z$/, '')
}

/** The newest denial, and what else was written about the same request; nothing if there is none. */
export function newestDenial(all: Decided[]): Decided[] {
  const newest = all.findLast(({ decision }) => !decision.allowed)
  if (newest?.request === undefined) return newest ? [newest] : []
  return all.filter(({ request }) => request === newest.request)
}

/** @param line  with its process in front, as `./mesh logs` shows it */
export function decidedIn(line: string): Decided | undefined {
  const [, json] = /^\S+-opa *\| (\{.*"decision_id".*\})$/.exec(line) ?? []
  if (json === undefined) return undefined
  const { timestamp: time, input, result, error }: Entry = JSON.parse(json)
  const { source, contextExtensions, metadataContext, request } = input.attributes
  const { method, path, headers } = request.http
  const id = headers?.['x-request-id']
  const from = source?.principal
  const token = metadataContext?.filterMetadata?.['envoy.filters.http.jwt_authn']
  return {
    time,
    ...(id === undefined ? {} : { request: id }),
    person: nameOf(token?.jwt?.sub),
    hop: { ...(from ? { from: nameOf(from) } : {}), to: nameOf(contextExtensions?.workload), method, path },
    decision: result?.dynamic_metadata
      ? decisionOf(result)
      : noDecision(error?.message ?? 'it made no sense'),
  }
}

/** A SPIFFE ID as people say it. */
function nameOf(id = ''): string {
  return id.replace(/^spiffe:\/\/[^/]+\//, '') || 'nobody'
}
