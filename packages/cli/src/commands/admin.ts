import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { runningPlatforms } from '../platform.ts'
import { terminal } from '../voice.ts'

/**
 * Asks the admin of an Envoy, and prints what it answers. A status other than 200 goes to standard error, and the exit
 * code is 1.
 * @param name  of the process: `gateway`, `add-envoy`
 */
export async function admin(
  name: string,
  path: string,
  { method, verbose }: { method: string; verbose?: boolean },
) {
  const [platform] = await runningPlatforms(terminal({ verbose }))
  const status = await platform?.status()
  if (!platform || !status)
    throw new CliError('nothing_runs', 'Nothing is running. Start a chapter: ./mesh up')
  const pods = platform.pods(chapterOrNewest(status.chapter), readMesh())
  const envoys = pods.flatMap(({ processes }) => processes.filter(({ program }) => program === 'envoy'))
  const envoy = envoys.find(process => process.name === name)
  if (!envoy) {
    const known = envoys.map(process => process.name).join(', ') || `none in chapter ${status.chapter}`
    throw new CliError('unknown_name', `There is no Envoy "${name}". There are: ${known}.`)
  }
  const url = new URL(path, envoy.ready).href
  const answer = await platform.admin({ name, url, method })
  process.stdout.write(answer.text.endsWith('\n') || answer.text === '' ? answer.text : `${answer.text}\n`)
  if (answer.status === 200) return
  console.error(`${name} answered ${answer.status}.`)
  process.exitCode = 1
}
