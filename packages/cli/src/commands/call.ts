import type { OperationName } from '@hardway/api'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { grpcCall } from '../grpc-call.ts'
import { type Platform, runningPlatforms } from '../platform.ts'
import { terminal } from '../voice.ts'

interface Options {
  address?: string
  /** In seconds. */
  timeout: number
}

export async function call(service: OperationName, a: string, b: string, { address, timeout }: Options) {
  const [platform] = await runningPlatforms(terminal())
  const request = { service, a, b, timeout: timeout * 1000 }
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
