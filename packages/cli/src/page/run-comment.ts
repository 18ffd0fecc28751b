import { comparisons, type Mode } from './compare.ts'
import type { Step } from './step.ts'

/** What the comment before a command says: how to run it, or that it is only to be seen. */
export type RunComment = { run: Settings } | { notRun: string }

type Settings = Pick<Step, 'mode' | 'status' | 'within' | 'until' | 'platform'>

const defaults = { status: 0, within: 30_000, until: false }

/** Each option by its word; nothing if the value after the word makes no sense. */
const options: Record<string, (value: string) => Partial<Settings> | undefined> = {
  fails: value => {
    if (value === '') return { status: 'not 0' }
    const status = Number(value)
    return Number.isInteger(status) && status >= 1 && status <= 255 ? { status } : undefined
  },
  within: value => {
    const [, count, unit] = /^([1-9]\d{0,3})(ms|s|m)$/.exec(value) ?? []
    return count
      ? { within: Number(count) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'] }
      : undefined
  },
  until: value => (value === '' ? { until: true } : undefined),
  platform: value => (value === 'docker' || value === 'native' ? { platform: value } : undefined),
}
const usage = 'fails, fails 22, within 30s (or ms, m), until, platform docker, platform native'

/**
 * Reads `<!-- run: MODE, option ... -->` and `<!-- not run: why -->`; any other HTML gives nothing.
 * @throws Error that says what is wrong with it
 */
export function parseRunComment(html: string): RunComment | undefined {
  const [, kind, text = ''] = /^<!--\s*(run|not run):(.*)-->$/s.exec(html.trim()) ?? []
  if (!kind) return undefined
  if (kind === 'not run') {
    if (text.trim() === '') throw new Error('say why a reader only should see it: <!-- not run: why -->')
    return { notRun: text.trim() }
  }
  const [mode = '', ...words] = text.split(',').map(word => word.trim())
  if (!isMode(mode)) {
    throw new Error(`there is no mode "${mode}"; the modes are ${Object.keys(comparisons).join(', ')}`)
  }
  return { run: Object.assign({ mode, ...defaults }, ...words.map(parseOption)) }
}

function parseOption(text: string): Partial<Settings> {
  const [word = '', ...rest] = text.split(/\s+/)
  const option = Object.hasOwn(options, word) ? options[word] : undefined
  const settings = option?.(rest.join(' '))
  if (!settings) throw new Error(`there is no option "${text}"; the options are ${usage}`)
  return settings
}

function isMode(word: string): word is Mode {
  return Object.hasOwn(comparisons, word)
}
