import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processId } from '../native/process-id.ts'
import { Shell } from './shell.ts'

let folder: string
let shell: Shell

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shell-'))
  shell = new Shell(folder, { PATH: process.env.PATH, FORCE_COLOR: '1', GREETING: 'hello' })
})

afterEach(async () => {
  await shell.close()
  rmSync(folder, { recursive: true })
})

function run(command: string, signal = AbortSignal.timeout(20_000)) {
  return shell.run(command, signal)
}

describe('a command', () => {
  it('prints to both outputs in order, with or without a line end', async () => {
    expect(await run('echo a; echo b >&2; printf c')).toEqual({ output: 'a\nb\nc', status: 0 })
    expect(await run('printf ""')).toEqual({ output: '', status: 0 })
  })

  it('has the environment of the caller, no colours, and the folder', async () => {
    const { output } = await run('echo "$GREETING $NO_COLOR $FORCE_COLOR"; pwd -P')
    expect(output).toBe(`hello 1 \n${folder}\n`)
  })

  it('finds nothing to read on standard input', async () => {
    expect(await run('cat; read x; echo "$?"')).toEqual({ output: '1\n', status: 1 })
  })

  it('may open its outputs by name', async () => {
    expect(await run('echo a | tee /dev/stderr > /dev/stdout')).toEqual({ output: 'a\na\n', status: 0 })
  })

  it('may print 5 MB', async () => {
    const ran = await run('head -c 5000000 /dev/zero | tr "\\0" x; echo; echo é')
    expect(ran).toMatchObject({ status: 0 })
    expect(ran.output).toHaveLength(5_000_003)
    expect(ran.output.endsWith('x\né\n')).toBe(true)
  })

  it('is stopped when it never ceases to print', async () => {
    expect(await run('yes')).toMatchObject({ lost: 'it printed more than 16 MiB and was stopped' })
  })

  it('may show every variable of the shell, and trace itself', async () => {
    expect(await run('set; declare -f; trap -p; set -x; true; set +x; echo end')).toMatchObject({
      output: expect.stringMatching(/\nend\n$/),
      status: 0,
    })
  })
})

describe('the status', () => {
  it.each([
    ['of the last line', 'true\n( exit 3 )', 3],
    ['of a line in the middle', '( exit 3 )\ntrue', 3],
    ['of the last line that failed', '( exit 3 )\n( exit 4 )\ntrue', 4],
    ['0 for a failure that is handled', 'false || true\nif false; then true; fi\n! false', 0],
    ['of the last command of a pipe', 'false | true', 0],
    ['of a function', 'f() { return 5; }\nf', 5],
    ['127 for a program that is not there', 'no-such-program', 127],
    ['2 for a line that is no shell', 'echo "', 2],
  ])('is that %s', async (_, command, status) => expect(await run(command)).toMatchObject({ status }))

  it('does not keep the next line from being run', async () => {
    expect(await run('false\necho next')).toEqual({ output: 'next\n', status: 1 })
  })

  it('is $? of the next command', async () => {
    await run('( exit 3 )')
    expect(await run('echo "$?"')).toEqual({ output: '3\n', status: 0 })
    expect(await run('echo "$?"')).toEqual({ output: '0\n', status: 0 })
  })
})

describe('the next command', () => {
  it('has the variables, functions, options, folder and open files', async () => {
    await run('TOKEN=secret; f() { echo "f $1"; }; set -f; mkdir sub; cd sub; exec 3> file')
    expect(await run('echo "$TOKEN" *; f x; echo $(basename "$PWD"); echo y >&3; cat file')).toEqual({
      output: 'secret *\nf x\nsub\ny\n',
      status: 0,
    })
  })

  it('comes through when the shell was told to print nothing', async () => {
    await run('exec > /dev/null 2>&1')
    expect(await run('echo back')).toEqual({ output: 'back\n', status: 0 })
  })

  it('may end a job of the one before, or wait for it', async () => {
    await run('sleep 1000 &')
    expect(await run('kill %1; wait; echo waited')).toEqual({ output: 'waited\n', status: 0 })
  })
})

it('a machine without bash is told what it lacks', async () => {
  const lost = new Shell(folder, { PATH: folder })
  const message = 'A page needs bash, and it did not start: spawn bash ENOENT'
  await expect(lost.run('true', AbortSignal.timeout(20_000))).rejects.toThrow(message)
})

describe('a shell that ends', () => {
  it('says so, shows what was printed, and is followed by a new one', async () => {
    await run('X=1; sleep 1000 &')
    expect(await run('echo a; exit 3; echo b')).toEqual({
      output: 'a\n',
      lost: "the shell ended with exit status 3, as a reader's terminal would; put what ends it in parentheses: ( … )",
    })
    expect(await run('echo "[$X]"')).toEqual({ output: '[]\n', status: 0 })
  })

  it.each([
    ['is killed', 'kill -9 $$', 'was killed'],
    ['becomes another program', 'exec true', 'ended with exit status 0'],
    ['stops at an error', 'set -e; ( exit 4 ); echo b', 'ended with exit status 4'],
  ])('says so if it %s', async (_, command, message) => {
    expect(await run(command)).toMatchObject({ lost: expect.stringContaining(message) })
  })
})

describe('when the signal is aborted, or has been', () => {
  it('the whole process group is dead, also what shrugs off SIGTERM', async () => {
    const wait = 'until [ -e never ]; do sleep 0.02; done'
    const stop = new AbortController()
    const running = run(
      `sleep 1000 >/dev/null & echo $! > a; ( trap '' TERM; ${wait} ) & echo $! > b; ${wait}`,
      stop.signal,
    )
    const other = new Shell(folder, process.env)
    const { output } = await other.run(
      'until [ -s a ] && [ -s b ]; do sleep 0.02; done; cat a b',
      AbortSignal.timeout(20_000),
    )
    const pids = output.trim().split('\n').map(Number)
    expect(pids.map(pid => processId(pid)?.pid)).toEqual(pids)

    stop.abort()
    expect(await running).toHaveProperty('lost')
    expect(pids.map(processId)).toEqual([undefined, undefined])
    await other.close()
  })

  it('a command that begins late ends at once', async () => {
    expect(await run('sleep 1000', AbortSignal.abort())).toHaveProperty('lost')
  })
})

describe('close', () => {
  it('ends jobs in the background, and daemons that went their own way', async () => {
    const { output } = await run(
      'sleep 1000 & echo $!; setsid sleep 1000 > /dev/null & echo $!; sh -c "setsid sleep 1000 & echo \\$!"',
    )
    const pids = output.trim().split('\n').map(Number)
    expect(pids.map(pid => processId(pid)?.pid)).toEqual(pids)
    await shell.close()
    expect(pids.map(processId)).toEqual([undefined, undefined, undefined])
  })
})
