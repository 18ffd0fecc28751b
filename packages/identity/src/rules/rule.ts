import { IdentityError, type IdentityErrorCode } from '../error.ts'

export type Rule = OwnRule | ForeignRule

interface Named {
  document: 'SPIFFE-ID' | 'X509-SVID' | 'JWT-SVID' | 'SPIFFE_Trust_Domain_and_Bundle'
  /** Such as `2.1`. */
  section: string
  /** A sentence that holds. */
  rule: string
}

/** Enforced here. A case is refused if it throws or gives `false`. */
export interface OwnRule extends Named {
  enforcedBy: 'identity'
  passes: () => unknown
  fails: () => unknown
  refusal: Refusal
}

/** Enforced elsewhere, by a setting. */
export interface ForeignRule extends Named {
  enforcedBy: 'Envoy' | 'OPA'
  setting: string
}

type Refusal = IdentityErrorCode | 'false'

/** @throws what is no {@link IdentityError}: that would be a mistake, not a refusal */
export function verdict(act: () => unknown): 'accepted' | Refusal {
  try {
    return act() === false ? 'false' : 'accepted'
  } catch (error) {
    if (error instanceof IdentityError) return error.code
    throw error
  }
}
