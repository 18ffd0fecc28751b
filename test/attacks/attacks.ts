import type { AttackGroup } from './attack.ts'
import { certificateAttacks } from './certificates.ts'
import { headerAttacks } from './headers.ts'
import { policyEngineAttacks } from './policy-engine.ts'
import { reachAttacks } from './reach.ts'
import { requestAttacks } from './requests.ts'
import { rightsAttacks } from './rights.ts'
import { tokenAttacks } from './tokens.ts'

/** Every attack, in the order in which they are tried on a chapter: the last ones take the application's place. */
export const attackGroups: AttackGroup[] = [
  reachAttacks,
  certificateAttacks,
  tokenAttacks,
  rightsAttacks,
  policyEngineAttacks,
  requestAttacks,
  headerAttacks,
]
