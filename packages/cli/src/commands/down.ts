import { interruptible } from '../interrupt.ts'
import { choosePlatform, runningPlatforms } from '../platform.ts'
import { terminal } from '../voice.ts'

/** Stops what runs, on whichever platform. */
export async function down() {
  const voice = terminal()
  const running = await runningPlatforms(voice)
  const platforms = running.length > 0 ? running : [await choosePlatform(undefined, voice)]
  await interruptible(async signal => {
    for (const platform of platforms) await platform.down(signal)
  })
}
