import { execa } from 'execa'

/**
 * Why the tests with a tool are skipped: because the reader's machine does not have it. In CI nothing is skipped.
 * @param command  such as `go version`
 * @returns the reason, or nothing if the tool is there
 * @throws in CI, if it is not
 */
export async function missing(command: string): Promise<string | undefined> {
  const [tool, ...args] = command.split(' ')
  const { exitCode } = await execa(tool!, args, { reject: false })
  if (exitCode === 0) return undefined
  const reason = `${tool} is not on this machine, so this is not tested here`
  if (process.env.CI === 'true') throw new Error(reason)
  return reason
}
