import { bundleRules } from './rules/bundle.ts'
import { jwtSvidRules } from './rules/jwt-svid.ts'
import type { Rule } from './rules/rule.ts'
import { spiffeIdRules } from './rules/spiffe-id.ts'
import { x509SvidRules } from './rules/x509-svid.ts'

export type { Rule } from './rules/rule.ts'

/**
 * Every rule that an identity must meet, who enforces it, and for the rules of this package a case that passes and one that
 * fails. The rows of Envoy and OPA name the setting; the attacks on running chapters exercise them.
 */
export const rules: readonly Rule[] = [...spiffeIdRules, ...x509SvidRules, ...jwtSvidRules, ...bundleRules]
