import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { styleText } from 'node:util'
import { type Chapter, chapter, chapters, type Mesh } from '@hardway/compiler'
import { bench as run } from '../bench/bench.ts'
import { describe } from '../bench/machine.ts'
import { duration, fullPlan, type Plan, quickPlan } from '../bench/plan.ts'
import { plot } from '../bench/plot.ts'
import { type Result, resultText } from '../bench/result.ts'
import { type Subject, subjectsOf } from '../bench/subject.ts'
import { summarize } from '../bench/summary.ts'
import { markdown, plainText, tablesOf } from '../bench/tables.ts'
import { readMesh } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { thisCopy } from '../native/native.ts'
import { root } from '../root.ts'
import { terminal } from '../voice.ts'

interface Options {
  quick?: boolean
  json?: string
}

/** How long the short form may take, in seconds. */
const quickly = 120

/** Measures what chapters cost, and shows it; what was measured is kept in .mesh/bench. */
export async function bench(names: string[], { quick, json }: Options) {
  const mesh = readMesh()
  const plan = quick ? quickPlan : fullPlan
  const subjects = subjectsOf(chosen(names, mesh, quick), mesh)
  const minutes = durationOf(plan, subjects) / 60
  console.log(`About ${minutes.toFixed(1)} minutes, on two processors. Leave the machine alone until then.`)

  const folder = join(root, '.mesh/bench')
  const native = thisCopy({ ...terminal(), say: line => console.error(line) })
  const result = await interruptible(signal =>
    run(subjects, mesh, plan, native, join(folder, 'running'), signal),
  )

  const summary = summarize(result)
  console.log(`\n${result.date.slice(0, 10)}, ${describe(result.machine)}`)
  for (const table of tablesOf(summary, plan)) {
    const [title = '', head = '', ...rows] = plainText(table)
    console.log(['', styleText('bold', title), styleText('dim', head), ...rows].join('\n'))
  }
  const others = Math.round(summary.others * 100)
  if (others >= 5)
    console.log(`\nOthers used ${others} % of the processor that was measured: do not trust this.`)
  const kept = keep(join(folder, result.date.replaceAll(/[:.]/g, '-')), result)
  if (json) writeFileSync(json, resultText(result))
  console.log(`\nKept in ${relative(process.cwd(), kept)}: result.json (every run), tables.md, cpu.svg`)
}

/** The chapters that are named, in their own order; or all of them, or as many of the newest as the short form has time for. */
function chosen(names: string[], mesh: Mesh, quick = false): Chapter[] {
  if (names.length > 0) {
    const asked = names.map(name => chapter(name))
    return chapters.filter(chapter => asked.includes(chapter))
  }
  const first = chapters.findIndex((_, index) => {
    return durationOf(quickPlan, subjectsOf(chapters.slice(index), mesh)) < quickly
  })
  return quick ? chapters.slice(first) : chapters
}

function durationOf(plan: Plan, subjects: Subject[]): number {
  const zipkins = subjects.filter(({ chapter }) => chapter.sections.includes('tracing'))
  return duration(plan, subjects.length, zipkins.length)
}

function keep(folder: string, result: Result): string {
  const summary = summarize(result)
  const tables = tablesOf(summary, result.plan).map(markdown).join('\n\n')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'result.json'), resultText(result))
  writeFileSync(join(folder, 'tables.md'), `${tables}\n`)
  writeFileSync(join(folder, 'cpu.svg'), plot(summary))
  return folder
}
