import { interruptible } from '../interrupt.ts'
import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'

/** Ctrl-C is how one leaves it, and so no failure. */
export async function logs(workload: string | undefined, { follow }: { follow?: boolean }) {
  const platform = await choosePlatform(undefined, terminal())
  process.stdout.on('error', () => process.exit()) // nobody reads any more, as after `| head`
  await interruptible(async signal => {
    for await (const line of platform.logs({ workload, follow, signal })) console.log(line)
  })
}
