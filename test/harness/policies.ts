import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './definition.ts'

/** The policies of all chapters, in a folder of their own, to be changed there. */
export function copyOfPolicies(): { policies: string; remove(): void } {
  const policies = mkdtempSync(join(tmpdir(), 'mesh-policies-'))
  cpSync(join(root, 'opa'), policies, { recursive: true })
  return { policies, remove: () => rmSync(policies, { recursive: true }) }
}
