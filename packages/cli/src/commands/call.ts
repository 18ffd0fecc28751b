import type { OperationName, Svid } from '@hardway/api'
import { meshOf } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { grpcCall } from '../grpc-call.ts'
import { type Platform, runningPlatforms } from '../platform.ts'
import { terminal } from '../voice.ts'
import { outputOf, readText } from './identity.ts'

interface Options {
  address?: string
  /** In seconds. */
  timeout: number
  /** A file with what `./mesh identity mint` printed. */
  svid?: string
  token?: string
}

export async function call(
  service: OperationName,
  a: string,
  b: string,
  { address, timeout, svid, token }: Options,
) {
  const [platform] = await runningPlatforms(terminal())
  const shown = svid === undefined ? {} : { svid: await readSvid(svid, service, platform) }
  const request = { service, a, b, timeout: timeout * 1000, token, ...shown }
  if (platform) {
    console.log(await platform.call({ ...request, address: address ?? (await addressOf(platform, service)) }))
  } else if (address) {
    console.log(await grpcCall({ ...request, address }))
  } else {
    throw new CliError(
      'nothing_runs',
      'Nothing is running. Start a chapter (./mesh up) or say --address HOST:PORT.',
    )
  }
}

/** Where a service speaks gRPC in the chapter that runs. */
async function addressOf(platform: Platform, service: OperationName): Promise<string> {
  const { chapter } = (await platform.status())!
  const pods = platform.pods(chapterOrNewest(chapter), readMesh())
  for (const pod of pods) {
    const process = pod.processes.find(({ name }) => name === service)
    const port = process?.program === 'node' && process.environment.GRPC_ADDRESS?.split(':').at(-1)
    if (port) return `${platform.host(pod)}:${port}`
  }
  throw new CliError(
    'nothing_runs',
    `In chapter ${chapter} ${service} is no process of its own: nothing speaks gRPC. Try: ./mesh up 2`,
  )
}

/** What a caller shows who was given an SVID by hand. It believes whoever the identity service of this chapter signed. */
async function readSvid(file: string, service: OperationName, platform: Platform | undefined): Promise<Svid> {
  const status = await platform?.status()
  const definition = readMesh()
  const chapter = status && chapterOrNewest(status.chapter)
  const identity = chapter && meshOf(definition, chapter).identity
  if (!platform || !identity) {
    throw new CliError('nothing_runs', 'SVIDs are for chapter 04 and later. Start one: ./mesh up')
  }
  const pem = readText(file)
  const command = await platform.identity(chapter, definition, ['bundle', '--format', 'pem'])
  return {
    privateKey: pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE-----')),
    chain: pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')),
    roots: await outputOf(command),
    peer: `spiffe://${identity.trust_domain}/${service}`,
  }
}
