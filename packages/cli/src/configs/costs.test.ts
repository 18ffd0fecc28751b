import { expect, test } from 'vitest'
import { sample } from '../bench/result-sample.ts'
import { withCosts } from './costs.ts'

const page = (what: string, between = '') =>
  `# Title\n\nBefore.\n\n<!-- costs: ${what} -->\n${between}<!-- /costs -->\n\nAfter.\n`

const written = (what: string) => withCosts(page(what), 'docs/a.md', sample)

test('a page says when and where it was measured, and how', () => {
  expect(written('machine')).toBe(
    page(
      'machine',
      'Measured on 2026-11-21 on a virtual machine with 2 processors (Abacus 9) and 24 GiB, Linux 6.1.0;\n' +
        'Node 24.21.0, Envoy 1.40.0, Fortio 1.68.0.\n' +
        '2 runs of each, 4 s without a pause and 6 s at 300 requests per second.\n' +
        'Meanwhile others used 2 % of the processor that was measured.\n',
    ),
  )
})

test.each(['cpu', 'processes', 'comparison', 'speed', 'memory', 'million', 'edge'])(
  'the table "%s" is written, and a second time it is the same',
  what => {
    const once = written(what)
    expect(once).toContain('| 03-envoy')
    expect(withCosts(once, 'docs/a.md', sample)).toBe(once)
  },
)

test('a million requests of 600 microseconds are 600 seconds, and at 4 cents an hour two thirds of a cent', () => {
  expect(written('million')).toContain('| 03-envoy | 600 | 0.44 | 0.22 | 0.67 |')
})

test('an edge is half of what the Envoys on the way need', () => {
  expect(written('edge')).toContain('| 03-envoy | 100 | 0.11 |')
  expect(written('edge')).not.toContain('| 01-monolith')
})

test('says where something is asked for that nobody measured', () => {
  expect(() => written('joy')).toThrow('docs/a.md:5: there is no costs "joy".')
})
