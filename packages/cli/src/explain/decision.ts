/** What OPA told Envoy, or would tell it. */
export interface Decision {
  allowed: boolean
  /** Of the answer to an HTTP client, if it was denied. */
  status?: number
  rule: string
  reason?: string
  /** What would have to be otherwise. */
  needed?: string
  /** What a candidate would decide otherwise; see opa/NN-slug/dry_run.rego. */
  dryRun?: Verdict
}

/** What a decision says of itself in Envoy's metadata. */
export interface Verdict {
  allowed: boolean
  rule: string
  reason?: string
}

/** The part that we read of a decision as it goes to Envoy, and into OPA's log. */
export interface OpaResult {
  allowed: boolean
  http_status?: number
  /** A problem (RFC 9457), as JSON. */
  body?: string
  dynamic_metadata: Verdict & { dry_run?: Verdict }
}

export function decisionOf({ allowed, http_status, body, dynamic_metadata }: OpaResult): Decision {
  const { rule, reason, dry_run: dryRun } = dynamic_metadata
  const needed: unknown = body === undefined ? undefined : JSON.parse(body).needed
  return {
    allowed,
    ...(http_status === undefined ? {} : { status: http_status }),
    rule,
    ...(reason === undefined ? {} : { reason }),
    ...(typeof needed === 'string' ? { needed } : {}),
    ...(dryRun ? { dryRun } : {}),
  }
}

/** When OPA has none: whoever asked for it answers 503, as if OPA were not there. */
export function noDecision(reason: string): Decision {
  return { allowed: false, status: 503, rule: 'none', reason }
}
