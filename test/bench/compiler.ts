import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { bootstraps, dockerNetwork, parseDefinition, yamlText } from '@hardway/compiler'
import { envoyApi, requireValid } from '@hardway/compiler/envoy-api'
import { median } from './measure.ts'

/**
 * What a big mesh costs, from the text of mesh.yaml to the checked text of every Envoy's file. Each run is a process of
 * its own, as `./mesh configs` is: nothing is warm. Exit code 1 if it is more than it may be.
 */
const budget = { seconds: 5, megabytes: 1000, ratio: 12 }
const upstreams = 5
const rounds = 5

const [size] = process.argv.slice(2)
if (size) console.log(JSON.stringify(compile(Number(size))))
else main()

interface Run {
  seconds: number
  megabytes: number
}

function main(): void {
  const runs = (workloads: number) => Array.from({ length: rounds }, () => run(workloads))
  const small = runs(100)
  const large = runs(1000)
  const seconds = (runs: Run[]) => median(runs.map(({ seconds }) => seconds))
  const result = {
    seconds: seconds(large),
    megabytes: Math.max(...large.map(({ megabytes }) => megabytes)),
    ratio: seconds(large) / seconds(small),
  }
  console.log(`Compiled and checked, ${upstreams} upstreams each; medians of ${rounds} processes:`)
  console.log(`    100 workloads  ${seconds(small).toFixed(2)} s`)
  console.log(`  1,000 workloads  ${result.seconds.toFixed(2)} s, at most ${Math.round(result.megabytes)} MB`)
  console.log(`  ratio ${result.ratio.toFixed(1)}`)
  for (const key of Object.keys(budget) as (keyof typeof budget)[]) {
    if (result[key] <= budget[key]) continue
    console.error(`  too much: ${key} ${result[key].toFixed(1)}, may be ${budget[key]}`)
    process.exitCode = 1
  }
}

function run(workloads: number): Run {
  const output = execFileSync(process.execPath, [import.meta.filename, `${workloads}`], { encoding: 'utf8' })
  return JSON.parse(output)
}

function compile(workloads: number): Run {
  const text = definition(workloads)
  const start = performance.now()
  const { mesh, placeOf } = parseDefinition(text)
  const descriptors = fileURLToPath(import.meta.resolve('@hardway/compiler/envoy-api.binpb.gz'))
  const api = envoyApi(gunzipSync(readFileSync(descriptors)))
  const files = new Map<string, string>()
  for (const [file, bootstrap] of bootstraps(mesh, dockerNetwork)) {
    requireValid(api, api.bootstrap, file, bootstrap, placeOf)
    files.set(file, yamlText(bootstrap))
  }
  const seconds = (performance.now() - start) / 1000
  if (files.size !== workloads + 1) throw new Error(`${files.size} files instead of ${workloads + 1}`)
  return { seconds, megabytes: process.resourceUsage().maxRSS / 1024 }
}

/** Each workload calls the next ones; the last have fewer left to call. */
function definition(workloads: number): string {
  const names = Array.from({ length: workloads }, (_, index) => `workload-${index + 1}`)
  const lines = names.map((name, index) => {
    const serves = index === 0 ? 'http' : 'grpc'
    return `  ${name}: { serves: ${serves}, calls: [${names.slice(index + 1, index + 1 + upstreams).join(', ')}] }`
  })
  return [
    'workloads:',
    ...lines,
    `gateway: { calls: [${names[0]}] }`,
    'sidecars: { timeout: 5s, max_connections: 100, max_requests: 1000, max_heap: 256MiB }',
  ].join('\n')
}
