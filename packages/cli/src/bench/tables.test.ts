import { expect, test } from 'vitest'
import { sample } from './result-sample.ts'
import { summarize } from './summary.ts'
import {
  comparisonTable,
  cpuTable,
  markdown,
  memoryTable,
  number,
  plainText,
  processTable,
} from './tables.ts'

const summary = summarize(sample)

test('a table reads well in a terminal', () => {
  expect(plainText(cpuTable(summary, sample.plan)).slice(1)).toEqual([
    '                  application       Envoy             data path         data path, at 300 requests/s',
    '  01-monolith     52 (50 to 54)                       52 (50 to 54)     52 (50 to 54)',
    '  03-envoy        400 (400 to 400)  200 (200 to 200)  600 (600 to 600)  600 (600 to 600)',
    '  03-envoy-again  410 (400 to 420)  205 (200 to 210)  615 (600 to 630)  615 (600 to 630)',
    '  plain           400 (400 to 400)  160 (160 to 160)  560 (560 to 560)  560 (560 to 560)',
  ])
})

test('what only looks on stands apart, and is no part of the data path', () => {
  const looked = structuredClone(sample)
  for (const subject of looked.subjects.slice(1)) {
    subject.processes = [...subject.processes, { name: 'zipkin', pod: 'zipkin', kind: 'Zipkin' }]
    for (const { saturated, fixed, memory } of subject.runs) {
      saturated.cpu.zipkin = 1_000
      fixed.cpu.zipkin = 1_000
      memory.zipkin = { own: 0, resident: 0 }
    }
  }
  const { head, rows } = cpuTable(summarize(looked), looked.plan)
  expect(head.slice(3)).toEqual(['data path', 'data path, at 300 requests/s', 'Zipkin'])
  expect(rows[1]!.slice(3)).toEqual(['600 (600 to 600)', '600 (600 to 600)', '1,000 (1,000 to 1,000)'])
  expect(comparisonTable(summarize(looked)).head).not.toContain('Zipkin')
})

test('a table reads well in a page', () => {
  expect(markdown({ title: 'Cost', head: ['', 'all'], rows: [['01', '52']] })).toBe(
    'Cost:\n\n|  | all |\n| --- | ---: |\n| 01 | 52 |',
  )
})

test('a difference below the noise is marked, and the noise is told', () => {
  const { head, rows } = comparisonTable(summary)
  const cell = (row: string, column: string) => rows.find(([name]) => name === row)![head.indexOf(column)]
  expect(cell('03-envoy / plain', 'Envoy')).toBe('1.25')
  expect(cell('03-envoy / plain', 'application')).toBe('≈ 1.00')
  expect(cell('03-envoy / 01-monolith', 'Envoy')).toBe('')
  expect(cell('noise', 'data path')).toBe('5.0 %')
})

test('the table of processes has those that a request passes', () => {
  expect(processTable(summary).head).toEqual(['', 'monolith', 'gateway', 'add', 'add-envoy'])
})

test('the table of memory has a column for each pod', () => {
  expect(memoryTable(summary).head).toEqual(['', 'monolith', 'gateway', 'add'])
  expect(memoryTable(summary).rows[1]).toEqual(['03-envoy', '', '15 / 66', '15 / 66'])
})

test.each([
  [0.254, '0.25'],
  [2.14, '2.1'],
  [48.4, '48'],
  [1_102.3, '1,102'],
  [16_226, '16,200'],
])('%d is written %s', (value, text) => {
  expect(number(value)).toBe(text)
})
