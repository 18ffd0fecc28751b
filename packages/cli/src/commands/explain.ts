import { join } from 'node:path'
import { type Chapter, chapters, type Mesh, meshOf, opaData } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { contentOf } from '../content-of.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { type Decided, decided, newestDenial } from '../explain/decision-log.ts'
import { foretell } from '../explain/foretell.ts'
import { type Asked, hopBetween, hopsOf } from '../explain/hops.ts'
import { differences, type Judged, journey } from '../explain/report.ts'
import { interruptible } from '../interrupt.ts'
import { choosePlatform, runningPlatforms } from '../platform.ts'
import { reportError } from '../report-error.ts'
import { root } from '../root.ts'
import { programNamed } from '../toolchain/program-named.ts'
import { terminal } from '../voice.ts'

interface Options {
  /** The person. */
  as?: string
  from?: string
  to?: string
  body?: string
  /** An x-request-id. */
  request?: string
  last?: boolean
  dryRun?: boolean
  json?: boolean
}

/** The exit code is 0 if all is allowed, 1 if something is denied or would be otherwise, 2 if there is no answer. */
export async function explain(method: string | undefined, path: string | undefined, options: Options) {
  try {
    const allowed = await interruptible(signal => explained(method, path, options, signal))
    process.exitCode = allowed ? 0 : 1
  } catch (error) {
    process.exitCode = Math.max(2, reportError(error))
  }
}

function explained(
  method: string | undefined,
  path: string | undefined,
  options: Options,
  signal: AbortSignal,
): Promise<boolean> {
  const { as, body, from, to, last, request, dryRun } = options
  const ofQuestion = [method, path, as, body, from, to].filter(value => value !== undefined)
  const ofLogs = [last, request, dryRun].filter(value => value !== undefined)
  if (method !== undefined && path !== undefined && as !== undefined && ofLogs.length === 0) {
    return wouldHappen({ method: method.toUpperCase(), path, body }, as, options, signal)
  }
  if (ofQuestion.length === 0 && ofLogs.length === 1) return happened(options, signal)
  throw new CliError(
    'bad_question',
    [
      'Say what, and on whose behalf: ./mesh explain GET /multiply --as bob',
      'or one of these, about what happened: --last, --request ID, --dry-run.',
    ].join('\n'),
  )
}

/** Asks the policy of a chapter, which need not run. */
async function wouldHappen(
  asked: Asked,
  person: string,
  { from, to, json }: Options,
  signal: AbortSignal,
): Promise<boolean> {
  if (!/^[\w.-]{1,64}$/.test(person)) {
    const problem = `"${person}" is no name of a person, which has letters, digits, ".", "-" and "_" only.`
    throw new CliError('bad_question', problem)
  }
  const voice = terminal()
  const chapter = await chapterWithPolicy()
  const mesh = meshOf(readMesh(), chapter)
  const isWhole = from === undefined && to === undefined
  const hops = isWhole ? hopsOf(mesh, asked) : [hopBetween(mesh, asked, from, to)]
  const folder = `opa/${chapter.slug}`
  for (const line of remarks(mesh, folder, asked, person)) voice.progress(line)

  const opa = await programNamed('opa', voice, signal)
  const judged = await foretell(opa, join(root, folder), mesh, person, hops)
  const { method, path } = asked
  if (json) printJson({ policy: folder, method, path, person: `client/${person}` }, judged)
  else print([`${method} ${path} as client/${person}, by the policy in ${folder}:`, ...journey(judged)])
  return judged.every(({ decision }) => decision.allowed)
}

/** The chapter that runs, if it has a policy; else the newest that has. */
async function chapterWithPolicy(): Promise<Chapter> {
  const [platform] = await runningPlatforms(terminal())
  const status = await platform?.status()
  const running = status && chapterOrNewest(status.chapter)
  const hasPolicy = ({ sections }: Chapter) => sections.includes('authorization')
  return running && hasPolicy(running) ? running : chapters.findLast(hasPolicy)!
}

/** What to know before one believes the answer. */
function remarks(mesh: Mesh, folder: string, { method, path, body }: Asked, person: string): string[] {
  const people = Object.keys(mesh.authorization!.people)
  const data = `${folder}/data.json`
  return [
    ...(people.includes(person) ? [] : [`mesh.yaml has no ${person}. It has: ${people.join(', ')}.`]),
    ...(contentOf(join(root, data)) === opaData(mesh)
      ? []
      : [`mesh.yaml says something else than ${data}. To write it anew: ./mesh configs`]),
    ...(method === 'POST' && path === '/evaluate' && body === undefined
      ? [`Whom the calculator asks is in the body. Add it, as in: --body '{"expression":"2*3"}'`]
      : []),
  ]
}

/** Looks into the logs of the chapter that runs. */
async function happened({ request, dryRun, json }: Options, signal: AbortSignal): Promise<boolean> {
  const all = await decided(await choosePlatform(undefined, terminal()), signal)
  if (dryRun) {
    const other = all.filter(({ decision }) => decision.dryRun)
    if (json) printJson({}, other)
    else print(other.length > 0 ? differences(other) : ['No request so far would be decided otherwise.'])
    return other.length === 0
  }
  const found =
    request === undefined ? newestDenial(all) : all.filter(decision => decision.request === request)
  if (found.length === 0) throw nothingLogged(request)
  const [{ time, person, hop, request: id }] = found as [Decided, ...Decided[]]
  if (json) printJson({ request: id, person }, found)
  else print([`${hop.method} ${hop.path} as ${person}, request ${id} at ${time}:`, ...journey(found)])
  return found.every(({ decision }) => decision.allowed)
}

function nothingLogged(request: string | undefined): CliError {
  const what = request === undefined ? 'no denial' : `nothing about request ${request}`
  return new CliError('unknown_name', `In OPA's logs is ${what}. What is allowed is not written there.`)
}

function print(lines: string[]): void {
  for (const line of lines) console.log(line)
}

function printJson(about: object, judged: (Judged & Partial<Decided>)[]): void {
  const hops = judged.map(({ hop, decision, ...more }) => ({ ...more, ...hop, ...decision }))
  const allowed = judged.every(({ decision }) => decision.allowed)
  console.log(JSON.stringify({ ...about, allowed, hops }, null, 2))
}
