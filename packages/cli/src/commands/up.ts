import { styleText } from 'node:util'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { interruptible } from '../interrupt.ts'
import { choosePlatform, type PlatformName, runningPlatforms } from '../platform.ts'
import { table } from '../table.ts'
import { terminal } from '../voice.ts'

interface Options {
  platform?: PlatformName
  without?: string
  verbose?: boolean
}

const firstRequest = 'curl -H "Authorization: Bearer $(./mesh token alice)" "localhost:8080/add?a=0.1&b=0.2"'

export async function up(name: string | undefined, { platform: platformName, without, verbose }: Options) {
  const mesh = readMesh()
  const chapter = chapterOrNewest(name)
  const voice = terminal({ verbose })
  const platform = await choosePlatform(platformName, voice)
  await interruptible(async signal => {
    for (const other of await runningPlatforms(voice)) {
      if (other.name === platform.name) continue
      voice.say(`A chapter is running on the platform ${other.name}: stopping it first.`)
      await other.down(signal)
    }
    await platform.up(chapter, mesh, { without, signal })
  })

  const processes = platform.pods(chapter, mesh).flatMap(({ processes }) => processes)
  const running = processes.filter(process => process.name !== without)
  console.log(styleText('green', `Chapter ${chapter.slug} is up: ${chapter.adds}.`))
  for (const row of table(running.map(process => ['', process.name, ...process.listens]))) console.log(row)
  console.log(`Try:\n  ${firstRequest}`)
}
