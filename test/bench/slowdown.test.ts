import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bench, processTable, type Subject, subjectsOf, summarize } from '@hardway/cli/bench'
import { thisCopy } from '@hardway/cli/native'
import { chapter } from '@hardway/compiler'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parseDocument } from 'yaml'
import { mesh } from '../harness/definition.ts'

vi.setConfig({ testTimeout: 180_000 }) // three whole chapters, and Fortio may have to be built

const plan = {
  rounds: 2,
  warmUp: 2,
  leadIn: 0.3,
  saturated: { seconds: 1, connections: 16 },
  fixed: { seconds: 1, connections: 32, rate: 100 },
}

/** A millisecond of processor time for each request: about ten times what one pass through an Envoy costs. */
const burn = {
  name: 'envoy.filters.http.lua',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
    default_source_code: {
      inline_string:
        'function envoy_on_request() local done = os.clock() + 0.001; while os.clock() < done do end end',
    },
  },
}

test('a sidecar that is made slow is found, and no other process is blamed', async () => {
  const all = subjectsOf([chapter('3')], mesh)
  const chapter03 = { ...all.find(({ role }) => role === 'chapter')!, against: [] } // no baseline
  const again = all.find(({ role }) => role === 'again')!
  const slow: Subject = {
    ...chapter03,
    ...{ name: 'slow', title: 'slow', against: ['03-envoy'] },
    configure: async configs => new Map(configs).set('add.yaml', withFilter(configs.get('add.yaml')!)),
  }
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const native = {
    ...thisCopy({ say: () => {}, progress: () => {}, show: () => {} }),
    stateDir: join(folder, 'native'),
  }
  const { signal } = new AbortController()

  const subjects = [chapter03, again, slow]
  const summary = summarize(await bench(subjects, mesh, plan, native, join(folder, 'running'), signal))

  const [usual, , slowed] = summary.rows.map(({ byProcess }) => byProcess)
  const extra = Object.keys(usual!).map(name => {
    return { name, microseconds: slowed![name]!.median - usual![name]!.median }
  })
  expect(extra.find(({ name }) => name === 'add-envoy')!.microseconds).toBeGreaterThan(900)
  expect(extra.filter(({ microseconds }) => microseconds > 500).map(({ name }) => name)).toEqual([
    'add-envoy',
  ])

  const { head, rows } = processTable(summary)
  expect(Number.parseInt(rows[2]![head.indexOf('add-envoy')]!.replace(',', ''), 10)).toBeGreaterThan(900)
})

/** The same Envoy, with the filter in front of the first listener's router. */
function withFilter(text: string): string {
  const file = parseDocument(text)
  const manager = ['static_resources', 'listeners', 0, 'filter_chains', 0, 'filters', 0, 'typed_config']
  const filters = file.getIn([...manager, 'http_filters'])
  ;(filters as { items: unknown[] }).items.unshift(file.createNode(burn))
  return String(file)
}
