/**
 * What Envoy's response flags mean, as far as they occur here. Envoy's own list: Substitution Formatter, RESPONSE_FLAGS.
 * The name is what Envoy writes as RESPONSE_FLAGS_LONG.
 */
export const responseFlags: Record<string, { name: string; meaning: string }> = {
  UH: { name: 'NoHealthyUpstream', meaning: 'nobody to call: no address is known, or none is well' },
  UF: {
    name: 'UpstreamConnectionFailure',
    meaning: 'no connection to the upstream: nobody listens, or TLS failed',
  },
  UO: {
    name: 'UpstreamOverflow',
    meaning: 'too many requests or connections: a limit of sidecars in mesh.yaml',
  },
  UC: { name: 'UpstreamConnectionTermination', meaning: 'the upstream hung up before it had answered' },
  UR: { name: 'UpstreamRemoteReset', meaning: 'the upstream broke this one request off' },
  LR: { name: 'LocalReset', meaning: 'this Envoy broke the request to the upstream off' },
  UT: { name: 'UpstreamRequestTimeout', meaning: 'the upstream did not answer in time' },
  UMSDR: { name: 'UpstreamMaxStreamDurationReached', meaning: 'the call took longer than its deadline' },
  UPE: { name: 'UpstreamProtocolError', meaning: 'what the upstream sent is not HTTP' },
  UAEX: { name: 'UnauthorizedExternalService', meaning: 'OPA said no, or did not answer: see details' },
  NR: { name: 'NoRouteFound', meaning: 'no route for this host and path' },
  NC: { name: 'NoClusterFound', meaning: 'the route leads to a cluster that there is not' },
  DC: { name: 'DownstreamConnectionTermination', meaning: 'the caller hung up before it had its answer' },
  DR: { name: 'DownstreamRemoteReset', meaning: 'the caller broke this one request off' },
  DPE: {
    name: 'DownstreamProtocolError',
    meaning: 'what the caller sent is not HTTP, or a path that is refused',
  },
  DT: { name: 'DurationTimeout', meaning: 'the connection was as old as it may get' },
  SI: { name: 'StreamIdleTimeout', meaning: 'nothing moved for too long' },
  NFCF: { name: 'NoFilterConfigFound', meaning: 'a filter has no settings yet: here, the keys for tokens' },
  OM: { name: 'OverloadManagerTerminated', meaning: 'this Envoy has too little memory left' },
  DF: { name: 'DnsResolutionFailed', meaning: 'the name of the upstream cannot be looked up' },
}

/**
 * Flags in words, each if it is known.
 * @param flags  as Envoy writes them: `UF,URX`, or `-` for none
 */
export function meaningsOf(flags: string): string[] {
  const set = flags.split(',').filter(flag => flag !== '-' && flag !== '')
  return set.map(flag => responseFlags[flag]?.meaning ?? flag)
}
