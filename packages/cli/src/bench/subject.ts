import { join } from 'node:path'
import { allAddons, type Chapter, chapter, type Mesh, meshOf } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { outputOf } from '../commands/identity.ts'
import { loopback, type Native, nativePlatform } from '../native/native.ts'
import type { Platform } from '../platform.ts'
import { type Baseline, baselineConfigs, baselines, folderOf } from './baseline.ts'
import { makeCertificates } from './certificates.ts'
import type { MeasuredProcess, SubjectResult } from './result.ts'

/** Something that is measured: a chapter, the same once more or with a setting changed, or a baseline. */
export interface Subject extends Pick<SubjectResult, 'name' | 'title' | 'role' | 'against'> {
  chapter: Chapter
  /** Changes the definition. */
  define?(mesh: Mesh): Mesh
  /** Has a folder with the policies of its chapter, instead of the project's. */
  policies?(root: string): string
  /** Changes what its Envoys are told, by file name; called with what the compiler wrote. */
  configure?(configs: Map<string, string>, native: Native): Promise<Map<string, string>>
}

/** A subject that runs. */
export interface Running {
  subject: Subject
  /** Of its HTTP API, without a path. */
  url: string
  token: string
  processes: (MeasuredProcess & { pid: number })[]
  stop(): Promise<void>
}

/** What the table calls the processes of a program, or all those of a pod that only looks at the others. */
const kinds: Record<string, string> = {
  node: 'application',
  envoy: 'Envoy',
  opa: 'OPA',
  prometheus: 'Prometheus',
  zipkin: 'Zipkin',
}

/** What it costs to look at requests, in all: the chapter that sees most, and the one before anybody looks. */
const [seeing, blind] = ['09-zipkin', '06-opa']

/**
 * The subjects of a benchmark, in the order in which they are measured and shown: the chapters, each compared with the one
 * before, and with the baseline that does the same, which stands right before it, for neighbours in time are compared best; and
 * the last of them once more, for two that are the same show how much is chance.
 */
export function subjectsOf(chapters: Chapter[], mesh: Mesh): Subject[] {
  const last = chapters.at(-1)!
  const again: Subject = {
    name: `${last.slug}-again`,
    title: `${last.slug}, once more`,
    role: 'again',
    against: [last.slug],
    chapter: last,
  }
  const all = chapters.flatMap((chapter, index) => [
    ...baselines
      .filter(({ measures }) => measures === chapter.slug)
      .map(baseline => baselineSubject(baseline, mesh)),
    ...(chapter.slug === seeing ? [sampled(chapter)] : []),
    chapterSubject(chapter, index, chapters),
  ])
  const names = new Set([...all, again].map(({ name }) => name))
  return [...all, again].map(subject => ({
    ...subject,
    against: subject.against.filter(name => names.has(name)),
  }))
}

function chapterSubject(chapter: Chapter, index: number, all: Chapter[]): Subject {
  const { slug } = chapter
  const before = index === 0 ? [] : [all[index - 1]!.slug]
  const yardsticks = baselines.filter(({ measures }) => measures === slug).map(({ name }) => name)
  if (slug === seeing) yardsticks.push(blind)
  const against = [...new Set([...before, ...yardsticks])]
  return { name: slug, title: slug, role: 'chapter', against, chapter }
}

/** Who traces everything in production pays for it with every request; most trace one in a hundred. */
function sampled(chapter: Chapter): Subject {
  return {
    name: `${chapter.slug}-sampled`,
    title: `${chapter.slug}, one request in 100`,
    ...{ role: 'variant', against: [blind], chapter },
    define: mesh => ({ ...mesh, tracing: { ...mesh.tracing!, sampling: 1 } }),
  }
}

function baselineSubject(baseline: Baseline, definition: Mesh): Subject {
  const { name, title, pods, replaces, against } = baseline
  const mesh = meshOf(definition, chapter(pods))
  const subject: Subject = {
    ...{ name, title, role: 'baseline', against: against ? [against] : [], chapter: chapter(pods) },
  }
  if (replaces === 'policy') return { ...subject, policies: root => folderOf(root, baseline) }
  return {
    ...subject,
    async configure(_, { root, stateDir, hosts }) {
      const secrets = join(stateDir, 'secrets')
      if (replaces === 'envoys-with-mtls')
        await makeCertificates(secrets, ['gateway', ...Object.keys(mesh.workloads!)])
      return baselineConfigs(root, baseline, mesh, hosts, secrets)
    },
  }
}

/**
 * Starts a subject beside whatever else runs.
 * @param template  the platform of this copy of the project
 * @param folder    for its state
 * @param number    of the subjects, from 0: the second number of its loopback addresses is 40 more
 */
export async function start(
  subject: Subject,
  mesh: Mesh,
  template: Native,
  folder: string,
  number: number,
  signal: AbortSignal,
): Promise<Running> {
  const net = 40 + number
  const native: Native = {
    ...template,
    voice: { ...template.voice, say: () => {} },
    stateDir: join(folder, subject.name),
    hosts: loopback(`127.${net}.1.1`, `127.${net}`),
    policies: subject.policies?.(template.root) ?? template.policies,
    ...(subject.configure ? { configure: configs => subject.configure!(configs, native) } : {}),
  }
  const platform = nativePlatform(native)
  const patient = withLongTokens(subject.define?.(mesh) ?? mesh)
  await platform.up(subject.chapter, patient, { signal })
  // The identity service has no part in any request.
  const pods = platform.pods(subject.chapter, patient).filter(({ name }) => name !== 'identity')
  const status = await platform.status()
  const looking = allAddons.map(({ pod }) => pod.name)
  const processes = pods.flatMap(pod =>
    pod.processes.map(({ name, program }) => {
      const pid = status?.processes.find(process => process.name === name)?.pid
      if (!pid) throw new CliError('process_ended', `${name} of ${subject.title} ended.`)
      // What the operator looks at the mesh with has no part in any request either: it is shown apart, with its Envoy.
      const kind = kinds[looking.includes(pod.name) ? pod.name : program]!
      return { name, pod: pod.name, kind, pid }
    }),
  )
  return {
    subject,
    url: `http://${native.hosts.published}:8080`,
    token: await tokenOf(platform, subject.chapter, patient),
    processes,
    stop: () => platform.down(new AbortController().signal),
  }
}

const tokenLife = '4h'

/** One token for a whole run: five minutes would be over in the middle of it. */
function withLongTokens(mesh: Mesh): Mesh {
  return mesh.jwt ? { ...mesh, jwt: { ...mesh.jwt, ttl: tokenLife } } : mesh
}

async function tokenOf(platform: Platform, chapter: Chapter, mesh: Mesh): Promise<string> {
  if (!meshOf(mesh, chapter).jwt) return platform.token()
  return outputOf(await platform.identity(chapter, mesh, ['token', 'alice']))
}
