import { join } from 'node:path'
import { allAddons, type Chapter, chapter, type Mesh, meshOf } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { outputOf } from '../commands/identity.ts'
import { loopback, type Native, nativePlatform } from '../native/native.ts'
import type { Platform } from '../platform.ts'
import { type Baseline, baselineConfigs, baselines } from './baseline.ts'
import { makeCertificates } from './certificates.ts'
import type { MeasuredProcess, SubjectResult } from './result.ts'

/** Something that is measured: a chapter, the same once more, or a baseline. */
export interface Subject extends Pick<SubjectResult, 'name' | 'title' | 'role' | 'against'> {
  chapter: Chapter
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

/** What the table calls the processes of a program; one that is not here goes by its program's name. */
const kinds: Record<string, string> = { node: 'application', envoy: 'Envoy', opa: 'OPA' }

/**
 * The subjects of a benchmark, in the order in which they are shown: the chapters, each compared with the one before; the last
 * of them once more, for two that are the same show how much is chance; and, if one of them has Envoys, the baselines.
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
  const hasEnvoys = chapters.some(({ sections }) => sections.includes('sidecars'))
  const yardsticks = hasEnvoys ? baselines.map(baseline => baselineSubject(baseline, mesh)) : []
  return [...chapters.map(chapterSubject), again, ...yardsticks]
}

function chapterSubject(chapter: Chapter, index: number, all: Chapter[]): Subject {
  const { slug } = chapter
  const before = index === 0 ? [] : [all[index - 1]!.slug]
  const yardsticks = baselines.filter(({ measures }) => measures === slug).map(({ name }) => name)
  return { name: slug, title: slug, role: 'chapter', against: [...before, ...yardsticks], chapter }
}

function baselineSubject(baseline: Baseline, definition: Mesh): Subject {
  const { name, title, pods, against } = baseline
  const mesh = meshOf(definition, chapter(pods))
  return {
    ...{ name, title, role: 'baseline', against: against ? [against] : [], chapter: chapter(pods) },
    async configure(_, { root, stateDir, hosts }) {
      const secrets = join(stateDir, 'secrets')
      if (baseline.tls) await makeCertificates(secrets, ['gateway', ...Object.keys(mesh.workloads!)])
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
    ...(subject.configure ? { configure: configs => subject.configure!(configs, native) } : {}),
  }
  const platform = nativePlatform(native)
  const patient = withLongTokens(mesh)
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
      const kind = looking.includes(pod.name) ? pod.name : (kinds[program] ?? program)
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
