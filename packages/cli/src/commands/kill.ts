import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'

/** @param options.signal  without SIG, as kill(1) takes it */
export async function kill(name: string, { signal }: { signal: string }) {
  const platform = await choosePlatform(undefined, terminal())
  await platform.kill(name, `SIG${signal}` as NodeJS.Signals)
}
