import { choosePlatform } from '../platform.ts'
import { terminal } from '../voice.ts'

/** In chapters 01 to 04 everybody shares one token: the name changes nothing yet. */
export async function token() {
  const platform = await choosePlatform(undefined, terminal())
  console.log(await platform.token())
}
