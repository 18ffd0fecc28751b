import { interruptible } from '../interrupt.ts'
import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'

export async function down() {
  const platform = await choosePlatform(undefined, terminal())
  await interruptible(signal => platform.down(signal))
}
