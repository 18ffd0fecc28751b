import { CliError } from '../cli-error.ts'
import { cpuTime } from './cpu-time.ts'
import { atRate, type Load, saturate, type Target } from './fortio.ts'
import { type Memory, memoryOf } from './memory.ts'
import type { Plan } from './plan.ts'
import { type Processors, processorTime, shareOfOthers } from './processors.ts'
import type { Run, Work } from './result.ts'
import type { Running } from './subject.ts'

/** One request passes the gateway, two sidecars and two applications: as far as a request of this calculator goes. */
const path = '/add?a=0.1&b=0.2'
const answer = '{"operation":"add","a":"0.1","b":"0.2","result":"0.3"}'

export function targetOf({ url, token }: Running, fortio: string, processor: number): Target {
  return { fortio, processor, url: url + path, token }
}

/** @throws CliError `bench_failed` if a subject does not say what all have to say */
export async function requireAnswer({ url, token }: Target, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
  const text = await response.text()
  if (response.status !== 200 || text !== answer) {
    throw new CliError('bench_failed', `${url} answered ${response.status} ${text}, and not ${answer}`)
  }
}

/** What measuring needs besides a subject. */
export interface Setting {
  plan: Plan
  processors: Processors
  /** For files that are read at once. */
  scratch: string
  signal: AbortSignal
}

/** Measures a subject once. */
export async function measure(
  { processes }: Pick<Running, 'processes'>,
  target: Target,
  { plan, processors, scratch, signal }: Setting,
): Promise<Run> {
  await saturate(target, { ...plan.saturated, seconds: plan.leadIn }, signal)
  const before = { processor: processorTime(processors.measured), ours: ourTime() }
  const saturated = await work(() => saturate(target, plan.saturated, signal))
  const fixed = await work(() => atRate(target, plan.fixed, scratch, signal))
  const after = processorTime(processors.measured)
  const others = shareOfOthers(before.processor, after, ourTime() - before.ours)
  return { saturated, fixed, memory: memoryByPod(), others }

  async function work<T extends Load>(load: () => Promise<T>): Promise<T & Work> {
    const before = processes.map(({ pid }) => cpuTime(pid))
    const done = await load()
    const cpu = processes.map(({ name, pid }, index) => {
      return [name, (cpuTime(pid) - before[index]!) / done.requests] as const
    })
    return { ...done, cpu: Object.fromEntries(cpu) }
  }

  function ourTime(): number {
    return processes.reduce((sum, { pid }) => sum + cpuTime(pid), 0)
  }

  function memoryByPod(): Record<string, Memory> {
    const memory: Record<string, Memory> = {}
    for (const { pod, pid } of processes) {
      const { own, resident } = memoryOf(pid)
      const sum = memory[pod] ?? { own: 0, resident: 0 }
      memory[pod] = { own: sum.own + own, resident: sum.resident + resident }
    }
    return memory
  }
}
