import type { Problem } from '../error.ts'

/** What a text is, in plain words. */
export interface Explanation {
  documents: readonly ExplainedDocument[]
  /** Whether a verifier would take it; there if what is needed to say so was handed in. */
  verdict?: Verdict
}

/** One certificate, key, token, bundle or name. */
export interface ExplainedDocument {
  /** Such as `X509-SVID` or `private key`. */
  kind: string
  /** A sentence: what it is for. */
  purpose: string
  fields: readonly Field[]
  broken: readonly BrokenRule[]
}

export interface Field {
  name: string
  value: string
  meaning: string
}

/** `must`: a verifier refuses it. `should`: it is taken, yet the standard advises against it. */
export interface BrokenRule extends Problem {
  severity: 'must' | 'should'
}

export interface Verdict {
  accepted: boolean
  /** A sentence: who it is, or the first rule that it breaks. */
  reason: string
}

export function must(problem: Problem): BrokenRule {
  return brokenRule(problem, 'must')
}

export function should(problem: Problem): BrokenRule {
  return brokenRule(problem, 'should')
}

/** Plain data, even of an error. */
function brokenRule({ code, problem, section, hint }: Problem, severity: BrokenRule['severity']): BrokenRule {
  return { code, problem, section, hint, severity }
}
