import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { startLoad, tally } from '../harness/load.ts'
import { numbersOf } from '../harness/scrape.ts'

const envoys = { gateway: 'gateway', 'calculator-envoy': 'calculator', 'add-envoy': 'add' }

/** The same Envoys, which count all that an Envoy can count. */
async function countingAll(configs: Map<string, string>): Promise<Map<string, string>> {
  const entries = [...configs].map(([file, text]) => {
    const { stats_config, ...others } = parse(text)
    expect(stats_config).toBeDefined()
    return [file, stringify(others)] as const
  })
  return new Map(entries)
}

/** How many numbers each Envoy gives after some requests, how long its text is, and how much memory it has, in KiB. */
async function measure(chapter: RunningChapter) {
  try {
    const load = startLoad(`${chapter.url}/add?a=1&b=2`, chapter.token, { rate: 200, most: 1000 })
    await expect.poll(load.done, { timeout: 30_000 }).toBe(1000)
    expect(tally(await load.stop())).toEqual({ 200: 1000 })
    const pids = await chapter.pids()
    const entries = Object.entries(envoys).map(async ([name, pod]) => {
      const answer = await fetch(`http://${chapter.host(pod)}:15000/stats/prometheus`)
      const text = await answer.text()
      const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pids[name]}/status`, 'utf8'))!
      return [name, { series: numbersOf(text).size, bytes: text.length, memory: Number(kibibytes) }] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  } finally {
    await chapter.stop()
  }
}

test('an Envoy that counts only what is looked at gives a fraction of the numbers, and needs no more memory', async () => {
  const patient = { ...mesh, authorization: { ...mesh.authorization!, timeout: '4s' } } // the machine may have much to do
  const few = await measure(await startChapter('08-prometheus', 82, { mesh: patient }))
  const all = await measure(
    await startChapter('08-prometheus', 83, { mesh: patient, configure: countingAll }),
  )
  for (const name of Object.keys(envoys)) {
    console.log(name, 'counting what is looked at:', few[name], 'counting all:', all[name])
    expect(few[name]!.series).toBeGreaterThan(5)
    expect(few[name]!.series).toBeLessThan(all[name]!.series / 5)
    expect(few[name]!.bytes).toBeLessThan(all[name]!.bytes / 5)
    expect(few[name]!.memory).toBeLessThan(all[name]!.memory * 1.05) // the kernel counts pages, and not the same each time
  }
}, 180_000)
