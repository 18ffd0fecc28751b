import { join } from 'node:path'
import { type Decided, decided } from '@hardway/cli/explain/decision-log'
import { foretell } from '@hardway/cli/explain/foretell'
import { hopsOf } from '@hardway/cli/explain/hops'
import { opaInput } from '@hardway/cli/explain/opa-input'
import { programNamed } from '@hardway/cli/program-named'
import { chapters } from '@hardway/compiler'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh, root } from '../harness/definition.ts'
import { getRaw } from '../harness/raw-http.ts'

const policy = join(root, 'opa/06-opa')
/** What is asked where nothing runs. */
const newest = `opa/${chapters.findLast(({ sections }) => sections.includes('authorization'))!.slug}`

let chapter: RunningChapter
let opa: string
const tokens: Record<string, string> = {}
beforeAll(async () => {
  const voice = { say: () => {}, progress: () => {}, show: () => {} }
  opa = await programNamed('opa', voice, new AbortController().signal)
  chapter = await startChapter('06-opa', 65)
  for (const person of ['alice', 'bob', 'mallory']) tokens[person] = await chapter.identity('token', person)
})
afterAll(() => chapter.stop())

const evaluate = (expression: string) => JSON.stringify({ expression })

async function ask(person: string, method: string, path: string, body?: string): Promise<number> {
  const authorization = `Bearer ${tokens[person]}`
  if (body === undefined) return (await getRaw(chapter.url, path, { authorization })).status
  const headers = { authorization, 'content-type': 'application/json' }
  return (await fetch(chapter.url + path, { method, headers, body })).status
}

const judge = (person: string, method: string, path: string, body?: string) =>
  foretell(opa, policy, mesh, person, hopsOf(mesh, { method, path, body }))

const requests: [method: string, path: string, body?: string][] = [
  ['GET', '/add?a=6&b=7'],
  ['GET', '/subtract?a=6&b=7'],
  ['GET', '/multiply?a=6&b=7'],
  ['GET', '//multiply?a=6&b=7'],
  ['GET', '/x/../multiply?a=6&b=7'],
  ['GET', '/%6dultiply?a=6&b=7'],
  ['GET', '/%256dultiply?a=6&b=7'],
  ['GET', '/multiply/?a=6&b=7'],
  ['GET', '/multiply;x=y?a=6&b=7'],
  ['GET', '/MULTIPLY?a=6&b=7'],
  ['GET', '/divide?a=6&b=7'],
  ['GET', '/'],
  ['POST', '/evaluate', evaluate('2')],
  ['POST', '/evaluate', evaluate('2+3')],
  ['POST', '/evaluate', evaluate('2*3')],
  ['POST', '/evaluate', evaluate('1+2*3-4')],
]

describe('what is foretold happens', () => {
  test.each(requests)('to %s %s %s', async (...request) => {
    for (const person of Object.keys(tokens)) {
      const denied = (await judge(person, ...request)).find(({ decision }) => !decision.allowed)
      expect({ person, status: await ask(person, ...request) }).toEqual({
        person,
        status: denied ? denied.decision.status : 200,
      })
    }
  })
})

describe('what was denied is found in the logs', () => {
  const news = async (action: () => Promise<unknown>, count: number): Promise<Decided[]> => {
    const signal = new AbortController().signal
    const before = (await decided(chapter.platform, signal)).length
    await action()
    const found = async () => (await decided(chapter.platform, signal)).slice(before)
    await expect.poll(async () => (await found()).length).toBe(count)
    return found()
  }

  test('as it was foretold', async () => {
    const path = '/multiply?a=6&b=7'
    const [foretold] = await judge('bob', 'GET', path)
    const [found] = await news(() => ask('bob', 'GET', path), 1)
    expect(found).toMatchObject({ person: 'client/bob', hop: { to: 'gateway', method: 'GET', path } })
    expect(found!.decision).toEqual(foretold!.decision)
    expect(found!.request).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('at the last hop as well, and there alone: what is allowed is not written', async () => {
    const body = evaluate('2+3*4')
    const foretold = (await judge('bob', 'POST', '/evaluate', body)).find(({ hop }) => hop.to === 'multiply')
    const [found] = await news(() => ask('bob', 'POST', '/evaluate', body), 1)
    expect(found).toMatchObject({ person: 'client/bob', ...foretold })
  })

  test('and Envoy had told OPA what we tell it, and more', async () => {
    const path = '/multiply?a=41&b=1'
    await news(() => ask('bob', 'GET', path), 1)
    await news(() => ask('bob', 'POST', '/evaluate', evaluate('41*1')), 1)
    const hops = hopsOf(mesh, { method: 'GET', path })
    for (const [pod, hop] of [
      ['gateway', hops[0]!],
      ['multiply', hops[2]!],
    ] as const) {
      const lines = chapter.log(`${pod}-opa`).trimEnd().split('\n')
      const { input } = JSON.parse(lines.findLast(line => line.includes('"decision_id"'))!)
      const told = JSON.parse(JSON.stringify(opaInput(mesh.identity!, 'bob', hop)))
      told.attributes.metadataContext.filterMetadata['envoy.filters.http.jwt_authn'].jwt_header.kid =
        expect.any(String)
      if (hop.from === undefined) expect(input.attributes.source.principal ?? '').toBe('')
      expect(input).toMatchObject(told)
    }
  })
})

describe('./mesh explain', () => {
  const explain = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await execa(join(root, 'mesh'), ['explain', ...args], {
      env: { MESH_PLATFORM: 'native' },
      reject: false,
      stdin: 'ignore',
    })
    return { exitCode, stdout, stderr }
  }

  test('ends with 0 if all is allowed, and with 1 if something is not', async () => {
    expect(await explain('GET', '/multiply', '--as', 'alice')).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        `GET /multiply as client/alice, by the policy in ${newest}:`,
        'outside -> gateway      allowed  operations.allowed',
        'gateway -> calculator   allowed  operations.allowed',
        'calculator -> multiply  allowed  operations.allowed',
      ].join('\n'),
    })
    const bob = await explain('GET', '/multiply', '--as', 'bob')
    expect(bob.exitCode).toBe(1)
    expect(bob.stdout).toContain('Denied in front of gateway, with 403.')
  })

  test('asks about one call, and gives JSON', async () => {
    const args = ['GET', '/multiply', '--as', 'alice', '--to', 'multiply', '--json']
    expect(JSON.parse((await explain(...args)).stdout)).toMatchObject({
      allowed: true,
      hops: [{ from: 'calculator', to: 'multiply', allowed: true }],
    })
    expect(JSON.parse((await explain(...args, '--from', 'add')).stdout)).toEqual({
      policy: newest,
      method: 'GET',
      path: '/multiply',
      person: 'client/alice',
      allowed: false,
      hops: [
        {
          from: 'add',
          to: 'multiply',
          method: 'POST',
          path: '/calculator.v1.Multiply/Compute',
          allowed: false,
          status: 403,
          rule: 'callers.allowed',
          reason: 'add may not call multiply',
          needed: 'multiply among what add calls, in mesh.yaml',
        },
      ],
    })
  })

  test('says who is known, if one is not, and what is denied to strangers', async () => {
    const { exitCode, stdout, stderr } = await explain('GET', '/add', '--as', 'mallory')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'mesh.yaml has no mallory. It has: alice, bob.',
    })
    expect(stdout).toMatch(/denied +people\.known +client\/mallory is not known here/)
  })

  test.each([
    [[], 'Say what, and on whose behalf'],
    [['GET', '/add'], 'Say what, and on whose behalf'],
    [['GET', '/add', '--as', 'bob', '--last'], 'Say what, and on whose behalf'],
    [['--last', '--dry-run'], 'Say what, and on whose behalf'],
    [['GET', 'add', '--as', 'bob'], 'The path begins with a /'],
    [['GET', '/add', '--as', 'bob', '--to', 'divide'], 'There is no workload "divide". There are: gateway,'],
    [['GET', '/add', '--as', 'a/b'], 'is no name of a person'],
    [['POST', '/evaluate', '--as', 'bob', '--body', '{'], 'would answer 400 to this body'],
  ])('does not answer a question that makes no sense: %j', async (args, problem) => {
    const { exitCode, stdout, stderr } = await explain(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(problem)
  })
})
