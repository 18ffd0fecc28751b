import { meshOf } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'
import { runIdentity } from './identity.ts'

interface Options {
  audience?: string
  ttl?: string
}

/** In chapters 01 to 04 everybody shares one token, and the name changes nothing yet; from 05 on it is a JWT-SVID. */
export async function token(name: string, { audience, ttl }: Options) {
  const platform = await choosePlatform(undefined, terminal())
  const chapter = chapterOrNewest((await platform.status())?.chapter)
  const mesh = readMesh()
  if (meshOf(mesh, chapter).jwt) {
    const options = [...(audience ? ['--audience', audience] : []), ...(ttl ? ['--ttl', ttl] : [])]
    process.exitCode = await runIdentity(await platform.identity(chapter, mesh, ['token', name, ...options]))
  } else if (audience !== undefined || ttl !== undefined) {
    const hint = 'Options are for the tokens of chapter 05 and later.'
    throw new CliError(
      'bad_token',
      `In chapter ${chapter.slug} everybody shares one token, which never ends. ${hint}`,
    )
  } else {
    console.log(await platform.token())
  }
}
