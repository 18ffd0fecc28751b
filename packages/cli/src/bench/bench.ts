import { mkdirSync, rmSync } from 'node:fs'
import type { Mesh } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { withLock } from '../native/lock.ts'
import { type Native, nativePlatform } from '../native/native.ts'
import { findAllMarked } from '../native/state.ts'
import type { Voice } from '../platform.ts'
import { fortio } from '../toolchain/fortio.ts'
import { programs } from '../toolchain/programs.ts'
import { saturate } from './fortio.ts'
import { type Machine, thisMachine } from './machine.ts'
import { measure, requireAnswer, type Setting, targetOf } from './measure.ts'
import { order, type Plan } from './plan.ts'
import { chooseProcessors, type Processors, pin, processorTime, shareOfOthers } from './processors.ts'
import type { Result, Run, SubjectResult } from './result.ts'
import { type Running, type Subject, start } from './subject.ts'

export { type Subject, subjectsOf } from './subject.ts'
export { summarize } from './summary.ts'
export { processTable } from './tables.ts'

/**
 * Starts all subjects, measures them in turn, and stops them again. They all run the whole time, side by side, and only one of
 * them is asked at a time: so they are measured within seconds of one another, and under the same conditions.
 * @param native  the platform of this copy of the project: only its folder, tools and voice are used
 * @param folder  for what the benchmark needs while it runs
 * @throws CliError `address_in_use` if something of this copy runs already; `bench_failed` if requests
 * failed or left too late, three times in a row
 */
export async function bench(
  subjects: Subject[],
  mesh: Mesh,
  plan: Plan,
  native: Native,
  folder: string,
  signal: AbortSignal,
): Promise<Result> {
  await requireQuiet(native)
  const busy = () => {
    throw new CliError('address_in_use', 'Another benchmark of this copy of the project is running.')
  }
  return withLock(folder, signal, busy, async () => {
    endLeftOver(folder)
    const processors = chooseProcessors()
    const tools = await programs(native.toolchain, [fortio], native.voice, signal)
    const running: Running[] = []
    try {
      await pin(process.pid, [processors.load])
      await tellIfBusy(native, processors)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const [number, subject] of subjects.entries()) {
        native.voice.progress(`Starting ${subject.title} …`)
        running.push(await start(subject, mesh, native, folder, number, signal))
      }
      const setting = { plan, processors, scratch: folder, signal }
      const results = await measureAll(running, tools.get('fortio')!, setting, native.voice)
      return { ...headOf(thisMachine(processors), plan), subjects: results }
    } finally {
      await Promise.allSettled(running.map(({ stop }) => stop()))
      endLeftOver(folder)
      await pin(process.pid, processors.allowed)
    }
  })
}

function headOf(machine: Machine, plan: Plan): Omit<Result, 'subjects'> {
  return { date: new Date().toISOString(), machine, plan }
}

async function requireQuiet(native: Native): Promise<void> {
  const status = await nativePlatform(native).status()
  if (!status) return
  throw new CliError('address_in_use', `Chapter ${status.chapter} is running. Stop it first: ./mesh down`)
}

/** Whatever still runs there belongs to no benchmark any more: we hold the lock. */
function endLeftOver(folder: string): void {
  for (const { pid } of findAllMarked(folder)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended just now.
    }
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Others on the machine make numbers worse, and their spread wider. */
async function tellIfBusy({ voice }: Native, { measured, load }: Processors): Promise<void> {
  const before = [measured, load].map(processorTime)
  await new Promise(resolve => setTimeout(resolve, 1_000))
  const after = [measured, load].map(processorTime)
  const share = Math.max(...after.map((time, index) => shareOfOthers(before[index]!, time, 0)))
  if (share < 0.1) return
  const busy = `Others use ${Math.round(share * 100)} % of a processor`
  voice.say(`${busy}. The numbers will be less sure: leave the machine alone.`)
}

async function measureAll(
  running: Running[],
  fortio: string,
  setting: Setting,
  voice: Voice,
): Promise<SubjectResult[]> {
  const { plan, processors, signal } = setting
  const targets = running.map(subject => targetOf(subject, fortio, processors.load))
  for (const [index, { subject, processes }] of running.entries()) {
    await Promise.all(processes.map(({ pid }) => pin(pid, [processors.measured])))
    await requireAnswer(targets[index]!, signal)
    voice.progress(`Warming up ${subject.title} …`)
    await saturate(targets[index]!, { ...plan.saturated, seconds: plan.warmUp }, signal)
  }
  const results = running.map(emptyResult)
  for (const { round, subject } of order(plan.rounds, running.length)) {
    const result = results[subject]!
    voice.progress(`Round ${round + 1} of ${plan.rounds}: ${result.title} …`)
    await measureInto(result, () => measure(running[subject]!, targets[subject]!, setting), voice)
  }
  return results
}

/** A machine that stands still for a second makes requests fail; what fails three times in a row fails by itself. */
const attempts = 3

async function measureInto(
  result: SubjectResult,
  measureOnce: () => Promise<Run>,
  voice: Voice,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      result.runs.push(await measureOnce())
      return
    } catch (error) {
      if (attempt === attempts || !(error instanceof CliError && error.code === 'bench_failed')) throw error
      voice.say(`${error.message}\nThis run is void, and taken again.`)
      result.void++
    }
  }
}

function emptyResult({ subject: { name, title, role, against }, processes }: Running): SubjectResult {
  const kept = processes.map(({ name, pod, kind }) => ({ name, pod, kind }))
  return { name, title, role, against, processes: kept, runs: [], void: 0 }
}
