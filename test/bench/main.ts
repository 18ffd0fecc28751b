import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startChapter } from '../harness/chapter.ts'
import { alternate, type Contestant, median, pin, type Run } from './measure.ts'

/** What the calculator costs above the least that its libraries can do. Medians of runs that alternate. */
const plan = { rounds: 15, seconds: 2 }
const host = '127.31.9.1'

console.log(
  `About ${Math.ceil((2 * 2 * (plan.rounds + 1) * plan.seconds + 30) / 60)} minutes. Leave the machine alone.`,
)

await startTime()
await addInTheMonolith()
await evaluateInTheServices()

async function startTime(): Promise<void> {
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const before = performance.now()
    const services = await startChapter('02-services', 30)
    times.push((performance.now() - before) / 1000)
    await services.stop()
  }
  console.log(`\n02-services is ready after ${median(times).toFixed(2)} s (median of ${times.length})`)
}

async function addInTheMonolith(): Promise<void> {
  const chapter = await startChapter('01-monolith', 31)
  const bare = await startBare('bare-route.ts', '8101')
  try {
    const path = '/add?a=0.1&b=0.2'
    const ours = { pid: (await chapter.pids()).monolith!, url: chapter.url + path, token: chapter.token }
    const theirs = { ...ours, pid: bare.pid, url: bare.url + path }
    await prepare(ours, theirs)
    report('GET /add', 'the monolith', 'a bare Fastify route', await alternate(ours, theirs, plan))
  } finally {
    await bare.stop()
    await chapter.stop()
  }
}

async function evaluateInTheServices(): Promise<void> {
  const chapter = await startChapter('02-services', 31)
  const bare = await startBare('bare-call.ts', '8102', `${chapter.host('add')}:50051`)
  try {
    const ours = {
      pid: (await chapter.pids()).calculator!,
      url: `${chapter.url}/evaluate`,
      token: chapter.token,
      body: '{"expression":"0.1+0.2"}',
    }
    const theirs = { ...ours, pid: bare.pid, url: `${bare.url}/evaluate` }
    await prepare(ours, theirs)
    const runs = await alternate(ours, theirs, plan)
    report('POST /evaluate', 'the calculator', 'Fastify and one bare grpc-js call', runs)
  } finally {
    await bare.stop()
    await chapter.stop()
  }
}

async function startBare(file: string, port: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), host, port, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const url = `http://${host}:${port}`
  while (!(await fetch(url).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${file} ended`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return {
    pid: child.pid!,
    url,
    stop: async () => {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function prepare(a: Contestant, b: Contestant): Promise<void> {
  await Promise.all([pin(a.pid), pin(b.pid)])
  const [one, other] = await Promise.all([a, b].map(answer))
  if (one !== other) throw new Error(`not the same answer:\n${one}\n${other}`)
}

async function answer({ url, token, body }: Contestant): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(url, body ? { method: 'POST', headers, body } : { headers })
  return response.text()
}

function report(what: string, ours: string, theirs: string, { a, b }: { a: Run[]; b: Run[] }): void {
  console.log(`\n${what}, 16 connections, ${plan.rounds} alternating runs of ${plan.seconds} s`)
  const width = Math.max(ours.length, theirs.length)
  for (const [name, runs] of [
    [ours, a],
    [theirs, b],
  ] as const) {
    const cpu = runs.map(run => run.cpuPerRequest)
    const rate = median(runs.map(run => run.requestsPerSecond))
    const spread = `${Math.min(...cpu).toFixed(1)} to ${Math.max(...cpu).toFixed(1)}`
    console.log(
      `  ${name.padEnd(width)}  ${median(cpu).toFixed(1)} us of CPU per request (${spread}), ${Math.round(rate)}/s`,
    )
  }
  // Of neighbours, for the machine may be slower for a while; the median of them all.
  const ratios = a.map((run, index) => run.cpuPerRequest / b[index]!.cpuPerRequest)
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map(ratio => ratio.toFixed(2))
  console.log(`  ratio of CPU per request: ${median(ratios).toFixed(2)} (${low} to ${high})`)
}
