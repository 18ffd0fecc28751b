import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Mesh, OpaProcess, PrometheusProcess, ZipkinProcess } from '@hardway/compiler'
import { opaArguments, opaEnvironment } from '@hardway/compiler/opa-arguments'
import { prometheusArguments } from '@hardway/compiler/prometheus-arguments'
import { zipkinArguments, zipkinJavaOptions } from '@hardway/compiler/zipkin-arguments'

/** A program to run in the project's folder. */
export interface Command {
  environment: Record<string, string>
  file: string
  args: string[]
  /** What a person types for `file`, if not that or a shorter name of it. */
  typed?: string[]
  /** Of the file with its settings, if it reads one: with other settings it has to be started again. */
  configHash?: string
}

/** Runs a service; its settings are its environment. */
export function serviceCommand(service: string, environment: Record<string, string>): Command {
  return { environment, file: process.execPath, args: [join('services', service, 'src/main.ts')] }
}

/**
 * Runs an Envoy.
 * @param file    Envoy itself
 * @param config  the path of its settings
 * @param text    what is in them
 * @param more    arguments of its chapter
 */
export function envoyCommand(file: string, config: string, text: string, more: string[] = []): Command {
  const args = [
    ...['--config-path', config],
    '--disable-hot-restart', // or several on one machine would meet in the same shared memory
    // Left to itself an Envoy takes a thread for each core, and each thread has connections of its own to every
    // upstream. All pods share this machine: one thread for each is plenty, and copies are asked in strict turn.
    ...['--concurrency', '1'],
    ...['--log-level', 'warning'],
    ...['--drain-strategy', 'immediate'], // callers that have to go hear it at once, not in the course of ten minutes
    ...more,
  ]
  return { environment: {}, file, args, typed: ['./mesh', 'tool', 'envoy'], configHash: hashOf(text) }
}

/**
 * Runs an OPA.
 * @param file      OPA itself
 * @param config    the path of its settings
 * @param text      what is in them
 * @param policies  the folder of its policies, whose data are for containers
 * @param data      the path of its data
 * @param mesh      of its chapter
 */
export function opaCommand(
  file: string,
  process: OpaProcess,
  config: string,
  text: string,
  policies: string,
  data: string,
  mesh: Mesh,
): Command {
  const args = opaArguments(process, config, ['--ignore', 'data.json', policies, data], mesh)
  return {
    environment: opaEnvironment,
    file,
    args,
    typed: ['./mesh', 'tool', 'opa'],
    configHash: hashOf(text),
  }
}

/**
 * Runs Prometheus.
 * @param file    Prometheus itself
 * @param config  the path of its settings
 * @param text    what is in them
 * @param data    the folder where it keeps numbers
 */
export function prometheusCommand(
  file: string,
  process: PrometheusProcess,
  metrics: NonNullable<Mesh['metrics']>,
  config: string,
  text: string,
  data: string,
): Command {
  const args = prometheusArguments(process, metrics, config, data)
  return { environment: {}, file, args, typed: ['./mesh', 'tool', 'prometheus'], configHash: hashOf(text) }
}

/**
 * Runs Zipkin.
 * @param jar  Zipkin itself
 */
export function zipkinCommand(
  jar: string,
  process: ZipkinProcess,
  tracing: NonNullable<Mesh['tracing']>,
): Command {
  const args = [...zipkinJavaOptions, '-jar', jar, ...zipkinArguments(process, tracing)]
  return { environment: {}, file: 'java', args }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * A command as it can be typed where the caller is.
 * @param folder  where it is run
 */
export function commandLine({ environment, file, args, typed }: Command, folder: string): string {
  const change = process.cwd() === folder ? [] : ['cd', quoted(folder), '&&']
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
  const program = typed ?? [file === process.execPath ? nameOfNode(folder) : file]
  return [...change, ...assignments, ...[...program, ...args].map(quoted)].join(' ')
}

/** A word as a POSIX shell takes it, in single quotes if it needs any. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** The shortest name of this Node: `node` if a shell finds it so, or the link that ./mesh made. */
function nameOfNode(root: string): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map(folder => realpath(join(folder, 'node')))
  const node = realpath(process.execPath)
  if (onPath.find(path => path !== undefined) === node) return 'node'
  const link = '.mesh/setup/node'
  return realpath(join(root, link)) === node ? link : process.execPath
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
