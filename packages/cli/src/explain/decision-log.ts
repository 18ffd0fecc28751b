import type { LogLine, LogOptions } from '../platform.ts'
import { type Decision, decisionOf, noDecision, type OpaResult, type Verdict } from './decision.ts'
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
  input: EnvoyInput | Asked
  result?: OpaResult | Answered
  error?: { message: string }
}

interface EnvoyInput {
  attributes: {
    source?: { principal?: string }
    contextExtensions?: { workload?: string }
    metadataContext?: { filterMetadata?: Record<string, { jwt?: { sub?: string } }> }
    request: { http: { method: string; path: string; headers?: Record<string, string> } }
  }
}

/** What is written in its place from chapter 07 on, by the names that every log uses; see opa/07-logs/log.rego. */
interface Asked {
  request_id?: string
  workload?: string
  peer?: string
  person?: string
  method: string
  path: string
}

/** Likewise. */
interface Answered extends Verdict {
  status?: number
  needed?: string
  dry_run?: Verdict
}

/** The decisions that all OPAs of the chapter wrote down, in the order in which they were taken. */
export async function decided(
  platform: { logs(options: LogOptions): AsyncIterable<LogLine> },
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

export function decidedIn({ process, text }: LogLine): Decided | undefined {
  if (!process.endsWith('-opa') || !/^\{.*"decision_id".*\}$/.test(text)) return undefined
  const { timestamp: time, input, result, error }: Entry = JSON.parse(text)
  const {
    request_id: id,
    workload,
    peer,
    person,
    method,
    path,
  } = 'attributes' in input ? asked(input) : input
  return {
    time,
    ...(id === undefined ? {} : { request: id }),
    person: nameOf(person),
    hop: { ...(peer ? { from: nameOf(peer) } : {}), to: nameOf(workload), method, path },
    decision: decisionIn(result) ?? noDecision(error?.message ?? 'it made no sense'),
  }
}

function asked({ attributes }: EnvoyInput): Asked {
  const { source, contextExtensions, metadataContext, request } = attributes
  const { method, path, headers } = request.http
  const token = metadataContext?.filterMetadata?.['envoy.filters.http.jwt_authn']
  return {
    ...{ method, path, request_id: headers?.['x-request-id'], workload: contextExtensions?.workload },
    ...{ peer: source?.principal, person: token?.jwt?.sub },
  } as Asked
}

function decisionIn(result: Entry['result']): Decision | undefined {
  if (typeof result !== 'object') return undefined
  if ('dynamic_metadata' in result) return decisionOf(result)
  const { allowed, rule, reason, status, needed, dry_run: dryRun } = result as Answered
  return rule === undefined ? undefined : ({ allowed, status, rule, reason, needed, dryRun } as Decision)
}

/** A SPIFFE ID as people say it. */
function nameOf(id = ''): string {
  return id.replace(/^spiffe:\/\/[^/]+\//, '') || 'nobody'
}
