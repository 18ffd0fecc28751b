import { type ServiceError, status } from '@grpc/grpc-js'
import { computeClient, type OperationName } from '@hardway/api'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'

interface Options {
  address?: string
  /** In seconds. */
  timeout: number
}

/** The operands go out as they were typed: it is for the service to judge them. */
export async function call(service: OperationName, a: string, b: string, { address, timeout }: Options) {
  const client = computeClient(service, address ?? (await addressOf(service)))
  try {
    const value = await new Promise((resolve, reject) =>
      client.compute({ a, b }, { deadline: Date.now() + timeout * 1000 }, (error, result) =>
        error ? reject(failure(error)) : resolve(result?.value),
      ),
    )
    console.log(value)
  } finally {
    client.close()
  }
}

function failure({ code, details }: ServiceError): CliError {
  const line = details.replaceAll('\n', ' ').replace(/ Resolution note:\s*$/, '') // grpc-js has none to tell
  return new CliError('call_failed', `${status[code]}: ${line}`)
}

/** Where a service speaks gRPC in the chapter that runs. */
async function addressOf(service: OperationName): Promise<string> {
  const platform = await choosePlatform(undefined, terminal())
  const running = await platform.status()
  if (!running) {
    throw new CliError(
      'nothing_runs',
      'Nothing is running. Start a chapter (./mesh up) or say --address HOST:PORT.',
    )
  }
  const pods = platform.pods(chapterOrNewest(running.chapter), readMesh())
  const process = pods.flatMap(({ processes }) => processes).find(({ name }) => name === service)
  const address = process?.program === 'node' && process.environment.GRPC_ADDRESS
  if (address) return address
  throw new CliError(
    'nothing_runs',
    `In chapter ${running.chapter} ${service} is no process of its own: nothing speaks gRPC. Try: ./mesh up 2`,
  )
}
