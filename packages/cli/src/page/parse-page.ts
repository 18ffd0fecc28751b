import type { Code, Html, Node, Parents, RootContent } from 'mdast'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { comparison, type Mode, tidy } from './compare.ts'
import { PageError } from './page-error.ts'
import { parseRunComment, type RunComment } from './run-comment.ts'
import type { Step } from './step.ts'

/** The languages of commands, with what VitePress allows behind them: `sh{1}`. */
const shell = /^(sh|bash|shell|zsh)\b/i

/**
 * Finds the commands of a page, in order. CONTRIBUTING.md describes the format.
 * @param markdown  the page
 * @param file  its name, for messages
 * @throws PageError at the first thing that is wrong, above all a command that would never be run
 */
export function parsePage(markdown: string, file: string): Step[] {
  const steps: Step[] = []
  /** The depth of the "Clean up" heading that we are under. */
  let cleanUp: number | undefined
  walk(unified().use(remarkParse).parse(markdown))
  return steps

  function walk(parent: Parents): void {
    const nodes: RootContent[] = parent.children
    for (const [index, node] of nodes.entries()) {
      const before = nodes[index - 1]
      const after = nodes[index + 1]
      if (node.type === 'heading' && (cleanUp === undefined || node.depth <= cleanUp)) {
        const [first] = node.children
        cleanUp = first?.type === 'text' && first.value.startsWith('Clean up') ? node.depth : undefined
      } else if (node.type === 'html' && comment(node) && !isCommand(after)) {
        fail(node, 'there is no command for this comment: put it directly before a ```sh fence')
      } else if (node.type === 'code') {
        if (!isClosed(node)) fail(node, 'this fence has no end, so it swallows the rest of the page')
        if (isCommand(node)) command(node, before, after)
        else if (node.lang === 'console' && !isCommand(before)) {
          fail(node, 'no command printed this: put it directly after the ```sh fence of its command')
        }
      }
      if ('children' in node) walk(node)
    }
  }

  function command(fence: Code, before: RootContent | undefined, after: RootContent | undefined): void {
    const said = before?.type === 'html' ? comment(before) : undefined
    if (!said) {
      const cure = 'put <!-- run: ... --> before it, or <!-- not run: why --> if a reader only should see it'
      fail(fence, `this command is never run; ${cure}`)
    }
    if ('notRun' in said) return
    const shown = after?.type === 'code' && !isCommand(after) ? after : undefined
    const text = tidy(shown?.value ?? '')
    check(said.run.mode, text, fence, shown)
    steps.push({
      ...said.run,
      file,
      line: lineOf(fence),
      command: fence.value,
      ...(shown && { expected: { text, line: lineOf(shown) } }),
      cleanUp: cleanUp !== undefined,
    })
  }

  function check(mode: Mode, text: string, fence: Code, shown: Code | undefined): void {
    if (mode === 'ok') {
      if (shown)
        fail(shown, 'mode ok compares no output: choose another mode, or put a sentence before this fence')
    } else if (!shown) {
      fail(
        fence,
        `mode ${mode} needs the expected output, in a fence directly after the command; ok needs none`,
      )
    } else {
      const holdsForNothing = attempt(shown, () => comparison(mode).holds(text, ''))
      if (holdsForNothing && !(mode === 'same' && text === '')) {
        fail(
          shown,
          `mode ${mode} would hold here if nothing were printed; if so it should be, show it empty in mode same`,
        )
      }
    }
  }

  function comment(node: Html): RunComment | undefined {
    return attempt(node, () => parseRunComment(node.value))
  }

  /** Whether the fence is ended by a fence; an indented code block needs none. */
  function isClosed(node: Code): boolean {
    const source = markdown.slice(node.position!.start.offset, node.position!.end.offset)
    return !/^(```|~~~)/.test(source) || /\n[\s>]*(```+|~~~+)\s*$/.test(source)
  }

  function attempt<T>(node: Node, work: () => T): T {
    try {
      return work()
    } catch (error) {
      return fail(node, (error as Error).message)
    }
  }

  function fail(node: Node, problem: string): never {
    throw new PageError(file, lineOf(node), problem)
  }
}

function isCommand(node: RootContent | undefined): boolean {
  return node?.type === 'code' && shell.test(node.lang ?? '')
}

function lineOf(node: Node): number {
  return node.position!.start.line
}
