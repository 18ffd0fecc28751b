import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './definition.ts'

/** The policies of all chapters, in a folder of their own, to be changed there. */
export function copyOfPolicies(): { policies: string; remove(): void } {
  const policies = mkdtempSync(join(tmpdir(), 'mesh-policies-'))
  cpSync(join(root, 'opa'), policies, { recursive: true })
  return { policies, remove: () => rmSync(policies, { recursive: true }) }
}

/**
 * Puts another policy there; gives the way back.
 * @param policies  as {@link copyOfPolicies} gives them
 * @param chapter   its slug
 */
export function replacePolicy(
  policies: string,
  chapter: string,
  text: string,
  name = 'policy.rego',
): () => void {
  const file = join(policies, chapter, name)
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, text)
  return () => writeFileSync(file, before)
}
