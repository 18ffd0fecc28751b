import type { Row, Summary } from './summary.ts'
import { number, passed } from './tables.ts'

const [width, labels, values] = [760, 225, 70]
const [lineHeight, barHeight, top] = [38, 22, 58]
const bars = width - labels - values

/** One for each kind of process, in order: they can be told apart on light and on dark, and without red and green. */
const colours = ['#3f7fd1', '#e08a1e', '#8a63c9', '#2b9c8f', '#c2527f']

/**
 * The processor time per request of the data path as an SVG: a bar for each subject, its parts the kinds of process, and a
 * thin line from the least to the most of all runs. Its background is the page's, and its letters follow the reader's dark or
 * light.
 */
export function plot({ kinds: all, rows }: Summary): string {
  const kinds = passed(all)
  const shown = rows.filter(({ subject }) => subject.role !== 'again')
  const most = Math.max(...shown.map(({ cpu }) => cpu.most))
  const height = top + shown.length * lineHeight + 8
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Processor time per request, by kind of process</title>',
    '<style>',
    'text { font: 14px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .faint { fill: #57606a } .spread { stroke: #24292f }',
    '@media (prefers-color-scheme: dark) {',
    'text { fill: #e6edf3 } .faint { fill: #9aa4ae } .spread { stroke: #e6edf3 } }',
    '</style>',
    '<text class="title" x="0" y="16">Processor time per request, in microseconds</text>',
    ...legend(kinds),
    ...shown.flatMap((row, index) => bar(row, kinds, top + index * lineHeight, bars / most)),
    '</svg>',
    '',
  ].join('\n')
}

function legend(kinds: string[]): string[] {
  return kinds.flatMap((kind, index) => {
    const x = labels + index * 120
    return [
      `<rect x="${x}" y="31" width="12" height="12" rx="2" fill="${colourOf(index)}"/>`,
      `<text class="faint" x="${x + 18}" y="42">${escaped(kind)}</text>`,
    ]
  })
}

function bar({ subject, byKind, cpu }: Row, kinds: string[], y: number, scale: number): string[] {
  const middle = y + barHeight / 2
  let x = labels
  const parts = kinds.flatMap((kind, index) => {
    const length = (byKind[kind]?.median ?? 0) * scale
    if (length === 0) return []
    const part = `<rect x="${fixed(x)}" y="${y}" width="${fixed(length)}" height="${barHeight}" fill="${colourOf(index)}"/>`
    x += length
    return [part]
  })
  const [least, most] = [labels + cpu.least * scale, labels + cpu.most * scale].map(fixed)
  return [
    `<text x="${labels - 10}" y="${middle + 5}" text-anchor="end">${escaped(subject.title)}</text>`,
    ...parts,
    `<path class="spread" d="M${least} ${middle}H${most}M${least} ${middle - 4}v8M${most} ${middle - 4}v8"/>`,
    `<text x="${fixed(Math.max(x, Number(most)) + 8)}" y="${middle + 5}">${number(cpu.median)}</text>`,
  ]
}

function colourOf(index: number): string {
  return colours[index % colours.length]!
}

function fixed(value: number): string {
  return value.toFixed(1)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
