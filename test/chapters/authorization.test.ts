import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, write } from '../harness/by-hand.ts'
import { type RunningChapter, startChapter } from '../harness/chapter.ts'
import { mesh } from '../harness/definition.ts'
import { callAs } from '../harness/grpc.ts'
import { copyOfPolicies, replacePolicy as replacePolicyIn } from '../harness/policies.ts'

const { folder, remove } = temporaryFolder()
afterAll(remove)

/** How long an answer may take that is given because OPA gave none: the 0.25 s of mesh.yaml, and some. */
const soon = 1_000

let chapter: RunningChapter
const { policies, remove: removePolicies } = copyOfPolicies()
/** Bob's token. */
let bob: string
beforeAll(async () => {
  chapter = await startChapter('06-opa', 61, { policies })
  bob = await chapter.identity('token', 'bob')
})
afterAll(async () => {
  await chapter.stop()
  removePolicies()
})

interface Answer {
  status: number
  type: string | null
  body: Record<string, unknown>
}

async function ask(token: string | undefined, path: string, expression?: string): Promise<Answer> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(expression === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const post = expression === undefined ? {} : { method: 'POST', body: JSON.stringify({ expression }) }
  const response = await fetch(chapter.url + path, { headers, ...post })
  const type = response.headers.get('content-type')
  return { status: response.status, type, body: (await response.json()) as Answer['body'] }
}
const evaluate = (token: string, expression: string) => ask(token, '/evaluate', expression)
const status = async (token: string | undefined, path: string) => (await ask(token, path)).status

const problem = 'application/problem+json'
const forbidden = (detail: string) => ({
  status: 403,
  type: problem,
  body: expect.objectContaining({
    type: 'https://hardway.test/problems/forbidden',
    title: 'Forbidden',
    status: 403,
    detail,
  }),
})

describe('a person', () => {
  test('alice may do everything', async () => {
    for (const operation of ['add', 'subtract', 'multiply']) {
      expect(await status(chapter.token, `/${operation}?a=6&b=7`)).toBe(200)
    }
    expect(await evaluate(chapter.token, '2*3')).toMatchObject({ status: 200, body: { result: '6' } })
    expect(await evaluate(chapter.token, '2+3')).toMatchObject({ status: 200, body: { result: '5' } })
  })

  test('bob may add and subtract, and is told why he may not multiply', async () => {
    expect(await status(bob, '/add?a=6&b=7')).toBe(200)
    expect(await status(bob, '/subtract?a=6&b=7')).toBe(200)
    const refused = forbidden('client/bob may not multiply (rule operations.allowed)')
    expect(await ask(bob, '/multiply?a=6&b=7')).toEqual(refused)
  })

  test('bob does not get round it by asking the calculator to multiply for him', async () => {
    expect(await evaluate(bob, '2+3')).toMatchObject({ status: 200, body: { result: '5' } })
    const reason = 'client/bob may not multiply (rule operations.allowed)'
    expect(await evaluate(bob, '2*3')).toEqual(forbidden(`The operation multiply refuses: ${reason}`))
    expect(await evaluate(bob, '1+2*3-4')).toMatchObject({ status: 403 })
  })

  test('whom nobody knows may do nothing, though the token is good', async () => {
    expect(await status(chapter.token, '/add?a=6&b=7')).toBe(200)
    const mallory = await chapter.identity('token', 'mallory')
    const refused = forbidden('client/mallory is not known here (rule people.known)')
    expect(await ask(mallory, '/add?a=6&b=7')).toEqual(refused)
    expect(await evaluate(mallory, '2+3')).toEqual(refused)
  })

  test('without a token one is asked who one is, whatever one may do', async () => {
    for (const path of ['/add?a=6&b=7', '/multiply?a=6&b=7', '/nothing']) {
      expect(await ask(undefined, path)).toMatchObject({ status: 401, type: problem })
    }
  })
})

describe('a path', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'asked for with %s needs the same permission',
    async method => {
      const as = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` }
        return (await fetch(`${chapter.url}/multiply?a=6&b=7`, { method, headers })).status
      }
      expect([200, 405]).toContain(await as(chapter.token))
      expect(await as(bob)).toBe(403)
    },
  )

  test('that is not there is a 404 to who is known', async () => {
    expect(await ask(bob, '/divide?a=1&b=2')).toMatchObject({ status: 404, type: problem })
  })
})

describe('a workload', () => {
  let roots: string
  const call = async (caller: string, operation: 'add' | 'multiply', token: string) => {
    const svid = write(folder, `${caller}.pem`, await chapter.identity('mint', caller))
    return callAs(svid, roots, operation, `${chapter.host(operation)}:15006`, token)
  }
  beforeAll(async () => {
    roots = await chapter.identity('bundle', '--format', 'pem')
  })

  test.each(['add', 'gateway', 'multiply'])(
    '%s may not call multiply, though its certificate is good',
    async caller => {
      expect(await call('calculator', 'multiply', chapter.token)).toBe('42')
      const answer = await call(caller, 'multiply', chapter.token)
      expect(answer).toMatch(/^PERMISSION_DENIED: /)
      expect(JSON.parse(answer.slice('PERMISSION_DENIED: '.length))).toMatchObject({
        status: 403,
        detail: `${caller} may not call multiply (rule callers.allowed)`,
      })
    },
  )

  test('the calculator may call, but not for everybody', async () => {
    expect(await call('calculator', 'add', bob)).toBe('13')
    expect(await call('calculator', 'multiply', bob)).toContain('client/bob may not multiply')
  })
})

describe('without an answer of OPA nobody comes in, and it is nobody’s fault', () => {
  const answers = () => expect.poll(() => status(chapter.token, '/multiply?a=6&b=7'), { timeout: 5_000 })

  async function refusedSoon(title: string): Promise<void> {
    const began = performance.now()
    const { status, type, body } = await ask(chapter.token, '/multiply?a=6&b=7')
    expect({ status, type, title: body.title }).toEqual({ status: 503, type: problem, title })
    expect(performance.now() - began).toBeLessThan(soon)
    expect(await ask(bob, '/multiply?a=6&b=7')).toMatchObject({ status: expect.toSatisfy(no200) })
  }
  /** Bob is refused by whichever OPA still answers, or gets no answer. */
  const no200 = (status: number) => status === 503 || status === 403

  const doors = [
    ['gateway-opa', 'Policy engine not available'],
    ['calculator-opa', 'Policy engine not available'],
    ['multiply-opa', 'Operation not available'],
  ] as const

  test.each(doors)('%s, frozen: 503; thawed, all is as before', async (name, title) => {
    await answers().toBe(200)
    const pids = await chapter.pids()
    await chapter.kill(name, 'SIGSTOP')
    try {
      await refusedSoon(title)
    } finally {
      await chapter.kill(name, 'SIGCONT')
    }
    await answers().toBe(200)
    expect(await chapter.pids()).toEqual(pids)
  })

  test.each(doors)('%s, killed: 503; started again, all is as before', async (name, title) => {
    await answers().toBe(200)
    const { [name]: old, ...others } = await chapter.pids()
    await chapter.kill(name, 'SIGKILL')
    await refusedSoon(title)
    await chapter.up()
    await answers().toBe(200)
    const { [name]: fresh, ...same } = await chapter.pids()
    expect(same).toEqual(others)
    expect(fresh).not.toBe(old)
  })

  test.each([
    ['nothing', 'decision := true if false'],
    ['a text', 'decision := "yes"'],
    ['a number', 'decision := 1'],
    ['a list', 'decision := [true]'],
    ['an object that does not say whether', 'decision := {"http_status": 200}'],
    ['an object that says it in words', 'decision := {"allowed": "true"}'],
    ['two answers', 'decision := input.parsed_path[_]'],
    ['an error', 'decision := {"allowed": 1 / 0}'],
  ])('a policy that answers %s: 503; mended, all is as before', async (_, rule) => {
    await answers().toBe(200)
    const pids = await chapter.pids()
    const mend = replacePolicy(`package authz\n\n${rule}\n`, 'dry_run.rego') // the file that Envoy's answer is in
    try {
      await answers().toBe(503)
      expect((await ask(chapter.token, '/add?a=1&b=2')).body).toMatchObject({
        title: 'Policy engine not available',
      })
    } finally {
      mend()
    }
    await answers().toBe(200)
    expect(await status(bob, '/multiply?a=6&b=7')).toBe(403)
    expect(await chapter.pids()).toEqual(pids)
  })
})

describe('a policy that changes', () => {
  test('is taken at once, by whoever runs', async () => {
    expect(await status(bob, '/multiply?a=6&b=7')).toBe(403)
    const text = readFileSync(policyFile(), 'utf8')
    const mend = replacePolicy(text.replace('operation in may', 'person_known'))
    try {
      await expect.poll(() => status(bob, '/multiply?a=6&b=7'), { timeout: 5_000 }).toBe(200)
    } finally {
      mend()
    }
    await expect.poll(() => status(bob, '/multiply?a=6&b=7'), { timeout: 5_000 }).toBe(403)
  })

  test.each([
    ['is not Rego', 'answer := {', /policy\.rego:\d+: rego_parse_error/g],
    ['could never be an answer', 'answer := "yes"', /rego_type_error: undefined ref/g],
  ])('and %s: the old one stays, and OPA says what is wrong', async (_, rule, complaint) => {
    const complaints = () => chapter.log('gateway-opa').match(complaint)?.length ?? 0
    const before = complaints()
    const mend = replacePolicy(`package authz\n\n${rule}\n`)
    try {
      await expect.poll(complaints, { timeout: 5_000 }).toBeGreaterThan(before)
      expect(await status(chapter.token, '/multiply?a=6&b=7')).toBe(200)
      expect(await status(bob, '/multiply?a=6&b=7')).toBe(403)
    } finally {
      mend()
    }
  })

  test('in mesh.yaml is taken without a restart', async () => {
    expect(await status(bob, '/multiply?a=6&b=7')).toBe(403)
    const pids = await chapter.pids()
    const { authorization } = mesh
    const people = { ...authorization!.people, bob: { may: ['multiply'] } }
    await chapter.up({ ...mesh, authorization: { ...authorization!, people } })
    await expect.poll(() => status(bob, '/multiply?a=6&b=7'), { timeout: 5_000 }).toBe(200)
    await expect.poll(() => status(bob, '/add?a=6&b=7'), { timeout: 5_000 }).toBe(403)
    await chapter.up()
    await expect.poll(() => status(bob, '/multiply?a=6&b=7'), { timeout: 5_000 }).toBe(403)
    expect(await chapter.pids()).toEqual(pids)
  })
})

test('with a policy that is not Rego nothing starts, and one is told why', async () => {
  const { policies: broken, remove } = copyOfPolicies()
  onTestFinished(remove)
  writeFileSync(join(broken, '06-opa/policy.rego'), 'package authz\n\nanswer := {\n')
  await expect(startChapter('06-opa', 62, { policies: broken })).rejects.toThrow(
    /-opa ended before everything was ready[\s\S]*policy\.rego:\d+: rego_parse_error/,
  )
})

test("OPA's own interface tells how it does, and is not for changing what it decides", async () => {
  const api = `http://${chapter.host('gateway')}:8181`
  expect((await fetch(`${api}/health`)).status).toBe(200)
  const body = 'package authz\n\ndecision := {"allowed": true}\n'
  const changes = await fetch(`${api}/v1/policies/policy.rego`, { method: 'PUT', body })
  expect(changes.status).toBe(401)
  expect((await fetch(`${api}/v1/data`)).status).toBe(401)
  expect(await status(bob, '/multiply?a=6&b=7')).toBe(403)
})

test('what OPA logs are denials, without any token', async () => {
  const { length } = chapter.log('gateway-opa')
  const news = () => chapter.log('gateway-opa').slice(length)
  expect(await status(chapter.token, '/add?a=41&b=1')).toBe(200)
  expect(await status(bob, '/multiply?a=42&b=1')).toBe(403)
  await expect.poll(news, { timeout: 5_000 }).toContain('a=42')
  expect(news()).not.toContain('a=41')
  for (const token of [chapter.token, bob]) expect(chapter.log('gateway-opa')).not.toContain(token)
})

function policyFile(): string {
  return join(policies, '06-opa/policy.rego')
}

/** Puts another policy there; gives the way back. */
function replacePolicy(text: string, name?: string): () => void {
  return replacePolicyIn(policies, '06-opa', text, name)
}
