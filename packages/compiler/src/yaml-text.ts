import { stringify } from 'yaml'
import { bare, notesOf } from './annotated.ts'

const width = 118

/**
 * Writes a file: YAML with the notes of its values as comments. Of a thousand files each is a hundred thousand nodes to
 * the yaml library, which is why only the scalars are its work here.
 * @param file  a map; it and its values may be annotated
 */
export function yamlText(file: unknown): string {
  const { paragraph } = notesOf(file)
  const lines = paragraph ? commentLines(paragraph, '') : []
  writeMap(lines, bare(file) as object, '', '')
  return `${lines.join('\n')}\n`
}

/** @param lead  what begins the first line: the indent, or that and the dash of a list's item */
function writeMap(lines: string[], map: object, indent: string, lead: string): void {
  let start = lead
  for (const [key, value] of Object.entries(map)) {
    writeAbove(lines, value, indent)
    writeValue(lines, `${start}${scalar(key)}:`, value, indent)
    start = indent
  }
}

function writeList(lines: string[], list: unknown[], indent: string): void {
  for (const item of list) {
    writeAbove(lines, item, indent)
    const value = bare(item)
    if (isBlock(item) && !Array.isArray(value)) writeMap(lines, value as object, `${indent}  `, `${indent}- `)
    else writeValue(lines, `${indent}-`, item, `${indent}  `)
  }
}

function writeAbove(lines: string[], value: unknown, indent: string): void {
  const { apart, paragraph } = notesOf(value)
  if (apart || paragraph) lines.push('')
  if (paragraph) lines.push(...commentLines(paragraph, indent))
}

/** @param start  what stands before it on its line */
function writeValue(lines: string[], start: string, annotated: unknown, indent: string): void {
  const { comment } = notesOf(annotated)
  const end = comment ? ` # ${comment}` : ''
  if (!isBlock(annotated)) {
    lines.push(`${start} ${inline(annotated)}${end}`)
    return
  }
  lines.push(start + end)
  const value = bare(annotated) as object
  if (Array.isArray(value)) writeList(lines, value, indent)
  else writeMap(lines, value, `${indent}  `, `${indent}  `)
}

/** Whether a value takes lines of its own. */
function isBlock(annotated: unknown): boolean {
  const value = bare(annotated)
  if (typeof value !== 'object' || value === null) return false
  return !notesOf(annotated).flow && Object.keys(value).length > 0
}

function inline(annotated: unknown): string {
  const value = bare(annotated)
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`
  const entries = Object.entries(value).map(([key, value]) => `${inFlow(key)}: ${inFlow(value)}`)
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}'
}

/** Between brackets, these need quotes in a scalar, too. */
function inFlow(annotated: unknown): string {
  const value = bare(annotated)
  return typeof value === 'string' && /[,[\]{}]/.test(value) ? JSON.stringify(value) : inline(annotated)
}

const scalars = new Map<unknown, string>()

/** A scalar, in quotes if it needs any. There are few different ones. */
function scalar(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const known = scalars.get(value)
  if (known !== undefined) return known
  const text = stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd()
  if (scalars.size < 10_000) scalars.set(value, text)
  return text
}

/** The lines of a comment, none too long. */
function commentLines(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && indent.length + line.length + word.length + 3 > width) {
      lines.push(`${indent}# ${line}`)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, `${indent}# ${line}`]
}
