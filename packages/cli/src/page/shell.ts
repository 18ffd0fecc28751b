import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { CliError } from '../cli-error.ts'
import { end, group, withVariable } from './end-processes.ts'

/** What a command printed, and its exit status or why it has none. */
export type Ran = { output: string } & ({ status: number } | { lost: string })

/** Characters of output after which a command is stopped: it would go on until memory is full. */
const outputLimit = 16 * 2 ** 20

// Runs the commands that come in on file descriptor 9, each ended by a NUL, as if they were typed in one terminal: they
// share variables, functions, $? and the folder, and a line that fails does not keep the next from being run. Yet it
// counts: the status is that of the last line that failed (ERR goes by the rules of `set -e`). After each command comes
// a mark that no command can print by accident. When the runner is gone, so are the commands.
const driver = String.raw`
  exec 9<&3 3<&- 8>&1
  __page_mark=$1 && shift
  trap '__page_failed=$?' ERR
  __page_status=0
  while IFS= read -r -d '' -u 9 __page_command; do
    __page_failed=0
    if ((__page_status == 0)); then eval "$__page_command" >&8 2>&1
    else (exit "$__page_status") || eval "$__page_command" >&8 2>&1; fi
    __page_status=$?
    printf '\0%s %d\n' "$__page_mark" "$__page_failed" >&8
  done
  kill 0`

// Between bash and Node stands cat: Node's pipes are sockets, which no program can open as /dev/stdout or /dev/stderr.
// It ignores SIGTERM in order to pass on what others print when they get it.
const launcher = `exec bash --noprofile --norc -c "$0" bash "$1" > >(trap '' TERM; exec cat)`

/** A bash that runs one command after the other, as a reader's terminal does; a new one when it has ended. */
export class Shell {
  readonly #cwd: string
  readonly #env: NodeJS.ProcessEnv
  /** In the environment of everything that comes from this shell. */
  readonly #id = randomUUID()
  #bash: ChildProcess | undefined
  /** When bash has ended and all its output is read. */
  #closed: Promise<unknown> = Promise.resolve()
  #output = ''
  /** The end of the output. */
  #recent = ''
  /** Ends the wait for the command that runs: it has come to its end, or never will. */
  #done: (ran?: Ran) => void = () => {}

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#cwd = cwd
    this.#env = { ...env, NO_COLOR: '1', MESH_PAGE: this.#id }
    delete this.#env.FORCE_COLOR // it would win over NO_COLOR
  }

  /** Runs a command, of one line or more. When the signal is aborted, the shell ends with all that runs in it. */
  async run(command: string, signal: AbortSignal): Promise<Ran> {
    this.#bash ??= await this.#open()
    const bash = this.#bash
    this.#output = this.#recent = '' // what a background job printed since the last command is lost
    const stop = () => this.#done()
    const ran = await new Promise<Ran | undefined>(resolve => {
      this.#done = resolve
      control(bash).write(`${command}\0`)
      signal.addEventListener('abort', stop)
      if (signal.aborted) stop()
    })
    signal.removeEventListener('abort', stop)
    if (ran) return ran
    await end(group(bash.pid!))
    await this.#closed
    return { output: this.#output, lost: reason(this.#output, bash) }
  }

  /** Ends what was started in it: in the background, or as a daemon that kept the environment. */
  async close(): Promise<void> {
    const inGroup = this.#bash ? end(group(this.#bash.pid!)) : undefined
    await Promise.all([inGroup, end(withVariable(`MESH_PAGE=${this.#id}`))])
  }

  async #open(): Promise<ChildProcess> {
    const bash = spawn('bash', ['--noprofile', '--norc', '-c', launcher, driver, this.#id], {
      cwd: this.#cwd,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      detached: true, // a process group of its own, to be ended as one
    })
    await once(bash, 'spawn').catch(error => {
      throw new CliError('cannot_start', `A page needs bash, and it did not start: ${error.message}`)
    })
    this.#closed = once(bash, 'close')
    bash.stdout!.setEncoding('utf8').on('data', chunk => this.#read(chunk))
    control(bash).on('error', () => {}) // its exit says it all
    bash.once('exit', () => {
      control(bash).destroy()
      this.#bash = undefined
      this.#done()
    })
    return bash
  }

  #read(chunk: string): void {
    const recent = this.#recent + chunk
    this.#recent = recent.slice(-64) // the mark may come in two pieces
    this.#output += chunk
    const mark = new RegExp(`\0${this.#id} (\\d+)\n`).exec(recent)
    const length = this.#output.length - recent.length
    if (mark) this.#done({ output: this.#output.slice(0, length + mark.index), status: Number(mark[1]) })
    else if (this.#output.length > outputLimit) this.#done()
  }
}

function control(bash: ChildProcess): Writable {
  return bash.stdio[3] as Writable
}

function reason(output: string, { exitCode }: ChildProcess): string {
  if (output.length > outputLimit) return `it printed more than ${outputLimit / 2 ** 20} MiB and was stopped`
  const how = exitCode === null ? 'was killed' : `ended with exit status ${exitCode}`
  return `the shell ${how}, as a reader's terminal would; put what ends it in parentheses: ( … )`
}
