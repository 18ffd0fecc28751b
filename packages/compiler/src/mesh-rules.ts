import type { Mesh } from './mesh.ts'
import { suggest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { bytes } from './size.ts'

/** Names that mean something else already. */
const reserved = new Map([
  ['gateway', 'It is the name of the front Envoy.'],
  ['application', 'It is what each sidecar calls the application beside it.'],
  ['opa', 'It is what each sidecar calls the OPA beside it.'],
  ['outside', 'It is where the requests come from that reach the gateway.'],
  ['prometheus', 'It is the pod of Prometheus.'],
  ['zipkin', 'It is the pod of Zipkin.'],
  ['spans', 'It is what each Envoy calls its way to Zipkin.'],
  ['localhost', 'It is what each machine calls itself.'],
  ['token', 'It is the container that makes the token.'],
])

/** All that is wrong with a mesh of the right shape, the first the one to mend first. */
export function ruleProblems(mesh: Mesh): Problem[] {
  return [
    ...problemsOfSections(mesh),
    ...problemsOfNames(mesh),
    ...problemsOfCalls(mesh),
    ...problemsOfCycles(mesh),
    ...problemsOfGateway(mesh),
    ...problemsOfLimits(mesh),
    ...problemsOfAuthorization(mesh),
    ...problemsOfLogs(mesh),
    ...problemsOfMetrics(mesh),
  ]
}

function problemsOfNames({ workloads = {} }: Mesh): Problem[] {
  const owners = new Map(['gateway-opa', 'gateway-pod'].map(name => [name, 'the gateway']))
  return Object.entries(workloads).flatMap(([name, { replicas = 1 }]): Problem[] => {
    const path = ['workloads', name]
    const why = reserved.get(name)
    if (why) {
      return [{ code: 'reserved_name', path, problem: `a workload cannot be called "${name}"`, hint: why }]
    }
    const copies = Array.from({ length: replicas }, (_, copy) => (copy === 0 ? name : `${name}-${copy + 1}`))
    const names = copies.flatMap(copy => [copy, `${copy}-envoy`, `${copy}-opa`, `${copy}-pod`])
    const double = names.find(name => owners.has(name))
    if (double) {
      const problem = `${owners.get(double)} and ${name} would both need the name "${double}"`
      const hint =
        'The second copy of add is called add-2, its Envoy add-2-envoy, its OPA add-2-opa, its pod add-2-pod: ' +
        'choose another name.'
      return [{ code: 'duplicate_name', path, problem, hint }]
    }
    for (const own of names) owners.set(own, name)
    return []
  })
}

function problemsOfCalls({ workloads = {} }: Mesh): Problem[] {
  return Object.entries(workloads).flatMap(([name, { calls = [] }]) =>
    calls.flatMap((upstream, index): Problem[] => {
      const path = ['workloads', name, 'calls', `${index}`]
      if (!Object.hasOwn(workloads, upstream)) return [unknownUpstream(name, upstream, path, workloads)]
      if (upstream === name) {
        const hint = 'A function that calls itself needs no network: leave it out.'
        return [{ code: 'calls_itself', path, problem: `${name} calls itself`, hint }]
      }
      if (calls.indexOf(upstream) < index) {
        const problem = `${name} calls "${upstream}" twice`
        return [{ code: 'duplicate_upstream', path, problem, hint: 'Once is enough: leave this one out.' }]
      }
      return []
    }),
  )
}

function unknownUpstream(name: string, upstream: string, path: string[], workloads: object): Problem {
  const problem = `${name} calls "${upstream}", which is no workload`
  return {
    code: 'unknown_upstream',
    path,
    problem,
    hint: suggest(upstream, Object.keys(workloads), 'workloads'),
  }
}

/** Whoever waits for itself, by way of others, waits until the deadline. Only the first round that is found is told. */
function problemsOfCycles({ workloads = {} }: Mesh): Problem[] {
  const done = new Set<string>()
  for (const first of Object.keys(workloads)) {
    // Depth first. Not by recursion: a chain of calls may be as long as the mesh has workloads.
    const chain = [{ name: first, next: 0 }]
    const inChain = new Set([first])
    for (let last = chain.at(-1); last; last = chain.at(-1)) {
      const { name } = last
      const index = last.next++
      const upstream = done.has(name) ? undefined : workloads[name]!.calls?.[index]
      if (upstream === undefined) {
        done.add(name)
        inChain.delete(name)
        chain.pop()
      } else if (inChain.has(upstream)) {
        const names = chain.map(({ name }) => name)
        const round = [...names.slice(names.indexOf(upstream)), upstream].join(' -> ')
        const path = ['workloads', name, 'calls', `${index}`]
        const hint = 'Each would wait for the other: take one of these calls out.'
        return [{ code: 'cycle', path, problem: `calls go round: ${round}`, hint }]
      } else if (Object.hasOwn(workloads, upstream)) {
        chain.push({ name: upstream, next: 0 })
        inChain.add(upstream)
      }
    }
  }
  return []
}

function problemsOfGateway({ workloads = {}, gateway }: Mesh): Problem[] {
  return (gateway?.calls ?? []).flatMap((upstream, index): Problem[] => {
    const path = ['gateway', 'calls', `${index}`]
    if (!Object.hasOwn(workloads, upstream))
      return [unknownUpstream('the gateway', upstream, path, workloads)]
    if (workloads[upstream]!.serves === 'http') return []
    const problem = `the gateway calls "${upstream}", which serves grpc`
    const hint = 'People come with HTTP: put a workload there that serves http.'
    return [{ code: 'wrong_protocol', path, problem, hint }]
  })
}

const longestTimeout = 10 // seconds; below stream_idle_timeout, which would come first
const smallestHeap = '32MiB' // an Envoy at rest has 6 MiB

function problemsOfLimits({ sidecars }: Mesh): Problem[] {
  if (!sidecars) return []
  const { timeout, max_heap } = sidecars
  return [
    ...(Number.parseFloat(timeout) > longestTimeout
      ? [outOfRange('timeout', `${timeout} is too long`, `At most ${longestTimeout}s.`)]
      : []),
    ...(bytes(max_heap) < bytes(smallestHeap)
      ? [
          outOfRange(
            'max_heap',
            `${max_heap} is too little`,
            `At least ${smallestHeap}: an Envoy has to live.`,
          ),
        ]
      : []),
  ]
}

function outOfRange(key: string, problem: string, hint: string, section = 'sidecars'): Problem {
  return { code: 'out_of_range', path: [section, key], problem: `${section}.${key}: ${problem}`, hint }
}

function problemsOfAuthorization({ workloads = {}, sidecars, authorization }: Mesh): Problem[] {
  if (!authorization) return []
  const { timeout, people } = authorization
  const operations = Object.keys(workloads).filter(name => workloads[name]!.serves === 'grpc')
  const tooLong = sidecars && Number.parseFloat(timeout) >= Number.parseFloat(sidecars.timeout)
  return [
    ...(tooLong
      ? [
          outOfRange(
            'timeout',
            `${timeout} is too long`,
            `Less than a whole request may take: ${sidecars.timeout}.`,
            'authorization',
          ),
        ]
      : []),
    ...Object.entries(people).flatMap(([person, { may }]) =>
      may.flatMap((operation, index): Problem[] => {
        const path = ['authorization', 'people', person, 'may', `${index}`]
        if (!operations.includes(operation)) {
          const problem = `${person} may "${operation}", which is no operation`
          const hint = suggest(operation, operations, 'operations, the workloads that serve grpc,')
          return [{ code: 'unknown_operation', path, problem, hint }]
        }
        if (may.indexOf(operation) < index) {
          const problem = `${person} may "${operation}" twice`
          return [{ code: 'duplicate_operation', path, problem, hint: 'Once is enough: leave this one out.' }]
        }
        return []
      }),
    ),
  ]
}

const longestFlush = 10 // seconds; who looks into a log wants to see what just happened
const largestBuffer = '64MiB' // of the 256 that a service may use in all

function problemsOfLogs({ logs }: Mesh): Problem[] {
  if (!logs) return []
  const { flush, buffer } = logs
  return [
    ...(Number.parseFloat(flush) > longestFlush
      ? [outOfRange('flush', `${flush} is too long`, `At most ${longestFlush}s.`, 'logs')]
      : []),
    ...(bytes(buffer) > bytes(largestBuffer)
      ? [outOfRange('buffer', `${buffer} is too much`, `At most ${largestBuffer}: it is memory.`, 'logs')]
      : []),
  ]
}

const shortestInterval = 1 // seconds; an Envoy needs some milliseconds for its numbers

function problemsOfMetrics({ metrics }: Mesh): Problem[] {
  if (!metrics || Number.parseFloat(metrics.interval) >= shortestInterval) return []
  const problem = `${metrics.interval} is too short`
  return [outOfRange('interval', problem, `At least ${shortestInterval}s.`, 'metrics')]
}

/** A gateway speaks with sidecars only, and nobody would come to sidecars without one; who may do what needs it all. */
function problemsOfSections(mesh: Mesh): Problem[] {
  const { workloads, gateway, sidecars, identity, jwt, authorization, logs, metrics, tracing } = mesh
  const envoys = { workloads, gateway, sidecars }
  if (tracing) {
    const hint = 'Spans are sent over mTLS, by Envoys: write workloads to identity as well.'
    const missing = missingSections('tracing', { ...envoys, identity }, hint)
    if (missing.length > 0) return missing
  }
  if (metrics) {
    const hint = 'Numbers are read over mTLS, from Envoys: write workloads to identity as well.'
    const missing = missingSections('metrics', { ...envoys, identity }, hint)
    if (missing.length > 0) return missing
  }
  if (authorization) {
    const hint = 'Whoever is to be allowed anything needs a name first: write workloads to jwt as well.'
    return missingSections('authorization', { ...envoys, identity, jwt }, hint)
  }
  if (logs && !sidecars) {
    const hint =
      'It is Envoys that tell what became of a request: write workloads, gateway and sidecars as well.'
    return missingSections('logs', envoys, hint)
  }
  if (!gateway && !sidecars) return []
  const hint = 'From chapter 03 on the sections workloads, gateway and sidecars belong together.'
  return missingSections(gateway ? 'gateway' : 'sidecars', envoys, hint)
}

function missingSections(there: string, needed: Record<string, unknown>, hint: string): Problem[] {
  return Object.entries(needed)
    .filter(([, section]) => !section)
    .map(([missing]) => {
      const problem = `there is no section "${missing}", which "${there}" needs`
      return { code: 'missing_section', path: [there], problem, hint }
    })
}
