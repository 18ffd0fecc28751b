import { createPrivateKey } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { verifyJwtSvid, verifyX509Svid } from '@hardway/identity'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { readPodFiles } from './svid/pod-folder.ts'
import { audience, bundleIn, pods, registrationText, seenBy, testFolder } from './test-world.ts'

vi.setConfig({ testTimeout: 60_000 }) // it starts processes, and the machine may be busy

const main = join(import.meta.dirname, 'main.ts')

/** The program, with settings that name a new folder. */
async function program(registration = registrationText.replace('svid_ttl: 1h', 'svid_ttl: 20s')) {
  const folder = testFolder(registration)
  const port = await freePort()
  const env = {
    IDENTITY_CONFIG: folder.config,
    IDENTITY_FOLDER: folder.stateFolder,
    SVID_FOLDER: join(folder.root, 'svid', '{pod}'),
    HEALTH_ADDRESS: `127.0.0.1:${port}`,
  }
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    )
  return {
    ...folder,
    env,
    isReady,
    run: (...args: string[]) => execa(process.execPath, [main, ...args], { env, reject: false }),
    pipe: (input: string, ...args: string[]) =>
      execa(process.execPath, [main, ...args], { env, input, reject: false }),
    serve: () => execa(process.execPath, [main], { env, reject: false, all: true }),
    files: (pod: string) => readPodFiles(folder.svidFolder(pod))!,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

const wait = { timeout: 20_000, interval: 50 }

/** All that must stay secret: of a key in PEM, each line of it, and its number. */
const secretsOf = (pem: string): string[] => [
  ...pem.split('\n').filter(line => line.length > 20 && !line.includes('-----')),
  createPrivateKey(pem).export({ format: 'jwk' }).d!,
]

test('it serves: ready, renewed, refilled, rotated, asked by hand, stopped; and no secret is ever in its log', async () => {
  const identity = await program()
  const secrets = new Set<string>()
  const note = () => {
    const state = JSON.parse(readFileSync(join(identity.stateFolder, 'authority.json'), 'utf8'))
    const keys = [...state.x509_authorities, ...state.jwt_authorities].map(({ key }) => key)
    for (const key of [...keys, ...pods.map(pod => identity.files(pod).key)]) {
      for (const secret of secretsOf(key)) secrets.add(secret)
    }
  }
  const serving = identity.serve()
  try {
    await expect.poll(identity.isReady, wait).toBe(true)
    for (const pod of pods) seenBy(identity.files('gateway'), identity.files(pod), new Date())
    note()

    const minted = await identity.run('mint', 'client/test')
    expect(minted.stdout).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]+-----BEGIN CERTIFICATE-----[\s\S]+$/)
    const chain = minted.stdout.slice(minted.stdout.indexOf('-----BEGIN CERTIFICATE-----'))
    const bundles = [bundleIn(identity.files('add'))]
    expect(verifyX509Svid(chain, { bundles, now: new Date() }).id.path).toBe('/client/test')

    const { stdout: token } = await identity.run('token', 'alice')
    expect(verifyJwtSvid(token, { bundles, audience, now: new Date() }).id.path).toBe('/client/alice')
    const shown = await identity.pipe(token, 'show', '-')
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Accepted: ') })

    const before = identity.files('add')
    const asked = await identity.run('rotate', 'svid')
    expect(asked).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('it was asked for'),
    })
    expect(identity.files('add').svid).not.toBe(before.svid)
    note()

    const rotated = await identity.run('rotate', 'x509')
    expect(rotated).toMatchObject({ exitCode: 0 })
    expect(rotated.stdout).toMatch(/is published[\s\S]*is retiring[\s\S]*is active[\s\S]*is retired/)
    expect(rotated.stderr).toMatch(/activate follows in [123] s\n.*retire follows in [123] s/)
    note()
    expect((await identity.pipe(before.svid, 'show', '-')).stdout).toContain(
      'Refused: Nobody that the bundle',
    )
    const now = identity.files('add').svid
    expect(await identity.pipe(now, 'show', '-')).toMatchObject({ exitCode: 0 })

    rmSync(identity.svidFolder('add'), { recursive: true })
    await expect.poll(() => readPodFiles(identity.svidFolder('add')), wait).toBeDefined()
    const status = await identity.run('status')
    expect(status).toMatchObject({ exitCode: 0 })
    expect(status.stdout).toMatch(/^add-2 +spiffe:\/\/hardway.test\/add +[0-9a-f]{32} +(fresh|due)/m)
    note()
  } finally {
    serving.kill('SIGTERM')
  }
  const { exitCode, all } = await serving
  expect(exitCode).toBe(0)
  expect(all).toContain('identity is ready')
  expect(all).toContain('is retired')
  expect(secrets.size).toBeGreaterThan(20)
  for (const secret of secrets) expect(all).not.toContain(secret)
  expect(await identity.run('status')).toMatchObject({ stderr: '' })
})

test('nobody answers a request while nobody serves', async () => {
  const identity = await program()
  await identity.run('init')
  const { exitCode, stderr } = await identity.run('rotate', 'svid')
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^identity rotate: nobody answered within 10 s: start "serve"/)
})

test('by hand, before anybody ever served', async () => {
  const identity = await program()
  const early = await identity.run('mint', 'add')
  expect(early).toMatchObject({ exitCode: 1, stdout: '' })
  expect(early.stderr).toMatch(/^identity mint: there are no authorities in .* yet; make them with "init"/)
  const made = await identity.run('init')
  expect(made).toMatchObject({ exitCode: 0 })
  expect(made.stdout).toMatch(
    /^trust domain +hardway.test\nID +spiffe:\/\/hardway.test\nroot certificate \(active\) +SHA-256 [\s\S]*\nJWT kid +\S+$/,
  )
  expect((await identity.run('init')).stdout).toBe(made.stdout)

  const spiffe = await identity.run('bundle')
  expect(JSON.parse(spiffe.stdout)).toMatchObject({ spiffe_sequence: 1, spiffe_refresh_hint: 2 })
  expect((await identity.pipe(spiffe.stdout, 'show', '-')).exitCode).toBe(0)
  expect((await identity.run('bundle', '--format', 'pem')).stdout).toMatch(/^-----BEGIN CERTIFICATE-----/)
  const jwks = await identity.run('bundle', '--format', 'jwks')
  expect(JSON.parse(jwks.stdout).keys).toMatchObject([{ kty: 'EC', alg: 'ES256' }])

  const status = await identity.run('status', '--json')
  expect(status.exitCode).toBe(1)
  expect(JSON.parse(status.stdout)).toMatchObject({
    trust_domain: 'hardway.test',
    spiffe_sequence: 1,
    x509_authorities: [{ state: 'active' }],
    jwt_authorities: [{ state: 'active' }],
    svids: pods.map(pod => ({ pod, state: 'missing' })),
  })

  const { stdout: token } = await identity.run('token', 'bob', '--audience', 'spiffe://hardway.test/other')
  const elsewhere = await identity.pipe(token, 'show', '-')
  expect(elsewhere.exitCode).toBe(1)
  expect(elsewhere.stdout).toContain('Refused: ')
  expect(await (await program()).pipe(token, 'show', '-')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/client\/bob[\s\S]*\nNot judged: there are no authorities here yet/),
  })
  const id = await identity.run('show', 'spiffe://hardway.test/add')
  expect(id).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('/add') })
  expect((await identity.run('show', 'spiffe://hardway.test//add')).exitCode).toBe(1)
})

test('what cannot be done is one line and exit code 1', async () => {
  const identity = await program(registrationText.replace(/^jwt.*\n/gm, ''))
  await identity.run('init')
  for (const [args, problem] of [
    [['mint', '../add'], 'identity mint: "/../add" has the segment ".."'],
    [['mint', 'add', '--ttl', '2h'], 'identity mint: --ttl 2h is too long: at most 1h (x509.svid_ttl)'],
    [['token', 'alice'], 'identity token: the registration has no "jwt"'],
    [['show', 'nothing.pem'], 'identity show: nothing.pem cannot be read (ENOENT)'],
    [['rotate', 'svid', 'publish'], 'identity rotate: an SVID is replaced at once'],
  ] as const) {
    const { exitCode, stderr, stdout } = await identity.run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(problem)
    expect(stderr.split('\n')).toHaveLength(1)
  }
})

test.each([
  ['IDENTITY_CONFIG', '', 'the setting IDENTITY_CONFIG is missing'],
  ['IDENTITY_CONFIG', '/nowhere.yaml', '/nowhere.yaml: cannot be read (ENOENT)'],
  ['SVID_FOLDER', '/run/svid', 'the setting SVID_FOLDER is "/run/svid", the same for every pod'],
])('it does not start with a wrong setting: %s=%s', async (name, value, problem) => {
  const { env } = await program()
  const { exitCode, stderr } = await execa(process.execPath, [main, 'serve'], {
    env: { ...env, [name]: value },
    reject: false,
  })
  expect(exitCode).toBe(1)
  expect(stderr).toBe(`identity cannot start: ${stderr.slice('identity cannot start: '.length)}`)
  expect(stderr).toContain(problem)
})

test('every command has help with an example', async () => {
  const { run } = await program()
  const { stdout } = await run('--help')
  const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!)
  expect(names).toEqual(['serve', 'init', 'mint', 'token', 'show', 'bundle', 'rotate', 'status'])
  for (const name of names) {
    const { stdout, exitCode } = await run(name, '--help')
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Examples:\n  $ identity ${name}`)
  }
})

test.each([
  [['divide'], "error: unknown command 'divide'"],
  [['mint'], "error: missing required argument 'name'"],
  [['mint', 'add', '--ttl', '0s'], 'Write 30s, 5m or 1h'],
  [['rotate', 'keys'], 'Allowed choices are svid, x509, jwt.'],
  [['bundle', '--format', 'der'], 'Allowed choices are spiffe, pem, jwks.'],
])('what is mistyped ends with a hint and exit code 2: %j', async (args, text) => {
  const { run } = await program()
  const { exitCode, stderr, stdout } = await run(...args)
  expect(stderr).toContain(text)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})
