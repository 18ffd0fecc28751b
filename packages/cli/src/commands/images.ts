import { chapterOrNewest } from '../definition.ts'
import { thisCopy } from '../docker/docker.ts'
import { requireEngine } from '../docker/engine.ts'
import { bringImages } from '../docker/images.ts'
import { buildOffline } from '../docker/offline-images.ts'
import { interruptible } from '../interrupt.ts'
import { terminal } from '../voice.ts'

/** The newest chapter needs every image that the others need. */
export async function images({ offline }: { offline?: boolean }) {
  await requireEngine()
  const docker = thisCopy(terminal())
  await interruptible(signal =>
    offline ? buildOffline(docker, signal) : bringImages(docker, chapterOrNewest(undefined).slug, signal),
  )
  console.log('Every image is here.')
}
