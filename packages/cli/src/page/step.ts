import type { PlatformName } from '../platform.ts'
import type { Mode } from './compare.ts'

/** A command of a page, and what the page says about it. */
export interface Step {
  file: string
  /** Of the command's fence, from 1. */
  line: number
  command: string
  mode: Mode
  /** The output that the page shows, and the line of its fence; nothing in mode `ok`. */
  expected?: { text: string; line: number }
  /** The exit status that it must have. */
  status: number | 'not 0'
  /** In milliseconds. */
  within: number
  /** Whether it is run again and again until it holds. */
  until: boolean
  /** The one platform that it is for; all if left out. */
  platform?: PlatformName
  /** Whether it must run even after a failure. */
  cleanUp: boolean
}

/** What became of a step. */
export interface StepResult {
  step: Step
  outcome: 'passed' | 'failed' | 'skipped' | 'not run'
  milliseconds: number
  /** Standard output and standard error, as a terminal shows them. */
  output: string
  /** What is wrong, if it failed. */
  problem?: string
}
