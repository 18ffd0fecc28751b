import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { brings, shell, toolSandbox } from './sandbox.ts'

const hangs = `${brings}; echo begun >&2; sleep 600`

test('brings what is missing, once', async () => {
  const box = toolSandbox()
  const one = box.add('one')
  const found = await box.programs([one])
  expect((await execa(found.get('one')!)).stdout).toBe('version: 2.0.0')
  expect(box.told).toEqual(['Bringing one 2.0.0 … 1 MB'])
  expect(box.cached()).toEqual([expect.stringMatching(/^one-2\.0\.0-\w+-[0-9a-f]{12}$/)])
  expect(await box.programs([one])).toEqual(found)
  expect(box.told).toHaveLength(1)
})

test('brings several at the same time', async () => {
  const box = toolSandbox()
  // Each waits until the other has begun: one after the other they would never end.
  const meet = (own: string, other: string) =>
    `touch "$1/../${own}"; until [ -e "$1/../${other}" ]; do sleep 0.01; done; ${brings}`
  const found = await box.programs([box.add('one', meet('a', 'b')), box.add('two', meet('b', 'a'))])
  expect([...found.keys()]).toEqual(['one', 'two'])
})

test('takes a program on the PATH if it is of the right version, and no other', async () => {
  const box = toolSandbox()
  const one = box.add('one')
  const own = box.putOnPath('one', '2.0.0')
  expect((await box.programs([one])).get('one')).toBe(own)
  expect(box.cached()).toEqual([])

  box.putOnPath('one', '2.0.1')
  expect((await box.programs([one])).get('one')).toContain(box.toolchain.cache)
})

test('another manifest is another folder', async () => {
  const box = toolSandbox()
  const one = box.add('one')
  await box.programs([one])
  writeFileSync(join(box.toolchain.manifests, 'one/manifest'), 'one 2.0.0, of another hash')
  await box.programs([one])
  expect(box.cached()).toHaveLength(2)
})

test('of two that bring it at once, both have it, and nothing else is left', async () => {
  const box = toolSandbox()
  const one = box.add('one')
  const [first, second] = await Promise.all([box.programs([one]), box.programs([one])])
  expect(first).toEqual(second)
  expect((await execa(first.get('one')!)).stdout).toBe('version: 2.0.0')
  expect(box.cached()).toHaveLength(1)
})

test('brings again what somebody removed from the cache', async () => {
  const box = toolSandbox()
  const one = box.add('one', `${brings}; touch "$1/other"`)
  const program = (await box.programs([one])).get('one')!
  rmSync(dirname(program), { recursive: true })
  expect((await box.programs([one])).get('one')).toBe(program)
  expect((await execa(program)).stdout).toBe('version: 2.0.0')
})

test('a client that fails: its last lines, how to see all of it, and nothing left', async () => {
  const box = toolSandbox()
  const one = box.add('one', `${brings}; for line in $(seq 30); do echo "line $line"; done; exit 3`)
  const error = await box.programs([one]).catch(error => error)
  expect(error.code).toBe('tool_failed')
  const lines = error.message.split('\n')
  expect(lines[0]).toBe('one 2.0.0 could not be brought. The last lines of sh:')
  expect(lines.slice(1, 11)).toEqual(Array.from({ length: 10 }, (_, index) => `  line ${index + 21}`))
  expect(lines.at(-1)).toContain(`cd ${box.toolchain.manifests}/one && BROUGHT=2.0.0 sh -c `)
  expect(box.cached()).toEqual([])
})

test('a client that says it is done, and brought nothing, has failed too', async () => {
  const box = toolSandbox()
  await expect(box.programs([box.add('one', 'true')])).rejects.toThrow('one 2.0.0 came without bin/it.')
  expect(box.cached()).toEqual([])
})

test('one that fails does not keep another from being brought; all that went wrong is told', async () => {
  const box = toolSandbox()
  const tools = [box.add('one', 'echo no; exit 1'), box.add('two'), box.add('three', 'echo never; exit 1')]
  const { message } = await box.programs(tools).catch(error => error)
  expect(message).toContain('one 2.0.0 could not be brought')
  expect(message).toContain('three 2.0.0 could not be brought')
  expect(box.cached()).toEqual([expect.stringMatching(/^two-/)])
})

test('clients that are missing are told together, each with what it is for, before anything is brought', async () => {
  const box = toolSandbox()
  const absent = {
    ...shell,
    title: 'Snake',
    file: 'hardway-no-such-client',
    cure: 'Install it (apt install snake)',
  }
  const old = { ...shell, title: 'Shell 9', check: ['-c', 'false'], cure: 'Install it (apt install shell9)' }
  const tools = [
    box.add('one', brings, absent),
    box.add('two', brings, old),
    box.add('three', brings, absent),
  ]
  const error = await box.programs([...tools, box.add('four')]).catch(error => error)
  expect(error.code).toBe('missing_client')
  expect(error.message.split('\n')).toEqual([
    'Snake is missing, which brings one 2.0.0, three 2.0.0. Install it (apt install snake), or put one 2.0.0, three 2.0.0 on the PATH.',
    'Shell 9 is missing, which brings two 2.0.0. Install it (apt install shell9), or put two 2.0.0 on the PATH.',
  ])
  expect(box.cached()).toEqual([])
})

test('what runs a tool must be here, too, even if the tool is', async () => {
  const box = toolSandbox()
  const jar = `mkdir -p "$1/bin" && touch "$1/bin/it"`
  const runtime = {
    title: 'Bean 9',
    file: 'sh',
    check: ['-c', 'true'],
    cure: 'Install it (apt install bean)',
  }
  const { versionOf: _, ...one } = box.add('one', jar)
  const found = await box.programs([{ ...one, runtime }])
  expect(found.get('one')).toContain(box.toolchain.cache) // though nobody could execute it
  const absent = { ...runtime, check: ['-c', 'false'] }
  const error = await box.programs([{ ...one, runtime: absent }]).catch(error => error)
  expect(error.code).toBe('missing_client')
  expect(error.message).toBe('Bean 9 is missing, which runs one 2.0.0. Install it (apt install bean).')
})

test('an interrupt ends the client, and leaves nothing', async () => {
  const box = toolSandbox()
  const controller = new AbortController()
  const work = box.programs([box.add('one', hangs)], controller.signal)
  await vi.waitFor(() => expect(box.cached()).toHaveLength(1), 5_000)
  controller.abort(new Error('Interrupted by SIGINT.'))
  await expect(work).rejects.toThrow('Interrupted by SIGINT.')
  expect(box.cached()).toEqual([])
})
