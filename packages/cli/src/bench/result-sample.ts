import type { MeasuredProcess, Result, Run, SubjectResult } from './result.ts'

const monolith: MeasuredProcess[] = [{ name: 'monolith', pod: 'monolith', kind: 'application' }]

const pods: MeasuredProcess[] = [
  { name: 'gateway', pod: 'gateway', kind: 'Envoy' },
  { name: 'add', pod: 'add', kind: 'application' },
  { name: 'add-envoy', pod: 'add', kind: 'Envoy' },
]

/** A result for tests: 03 takes 400 us in its applications and 200 in its Envoys, and the noise is 5 %. */
export const sample: Result = {
  date: '2026-11-21T08:08:46.000Z',
  machine: {
    processor: 'Abacus 9',
    processors: 2,
    shareCore: false,
    virtual: true,
    memory: 24,
    kernel: '6.1.0',
    node: '24.21.0',
    envoy: '1.40.0',
    fortio: '1.68.0',
  },
  plan: {
    rounds: 2,
    warmUp: 1,
    leadIn: 1,
    saturated: { seconds: 4, connections: 16 },
    fixed: { seconds: 6, connections: 32, rate: 300 },
  },
  subjects: [
    subject('01-monolith', 'chapter', [], monolith, [{ monolith: 50 }, { monolith: 54 }]),
    subject('03-envoy', 'chapter', ['01-monolith', 'plain'], pods, [
      { gateway: 100, add: 400, 'add-envoy': 100 },
      { gateway: 100, add: 400, 'add-envoy': 100 },
    ]),
    subject('03-envoy-again', 'again', ['03-envoy'], pods, [
      { gateway: 105, add: 420, 'add-envoy': 105 },
      { gateway: 100, add: 400, 'add-envoy': 100 },
    ]),
    subject('plain', 'baseline', [], pods, [
      { gateway: 80, add: 400, 'add-envoy': 80 },
      { gateway: 80, add: 400, 'add-envoy': 80 },
    ]),
  ],
}

function subject(
  name: string,
  role: SubjectResult['role'],
  against: string[],
  processes: MeasuredProcess[],
  cpus: Record<string, number>[],
): SubjectResult {
  return { name, title: name, role, against, processes, void: 0, runs: cpus.map(cpu => run(cpu, processes)) }
}

function run(cpu: Record<string, number>, processes: MeasuredProcess[]): Run {
  const all = Object.values(cpu).reduce((sum, value) => sum + value, 0)
  const work = { requests: 1_000, seconds: 1, rate: 1e6 / all, cpu }
  const memory = Object.fromEntries(
    processes.map(({ pod }) => [pod, { own: 15 * 2 ** 20, resident: 66 * 2 ** 20 }]),
  )
  const latency = { p50: all / 500, p90: all / 300, p99: all / 100, p999: all / 10 }
  return { saturated: work, fixed: { ...work, latency }, memory, others: 0.02 }
}
