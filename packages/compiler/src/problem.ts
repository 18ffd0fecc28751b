import type { MeshErrorCode } from './error.ts'

/** Something that is wrong in a definition. */
export interface Problem {
  code: MeshErrorCode
  /** Where it is: `['workloads', 'add']`. */
  path: string[]
  problem: string
  /** What to do, or what may stand there. */
  hint: string
}
