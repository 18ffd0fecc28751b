import type { Address } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'
import { requireFree } from '../native/address-in-use.ts'
import { ask } from './client.ts'
import type { Docker } from './docker.ts'

const label = 'com.docker.compose.project'

/**
 * Makes sure that an address is free which a chapter opens on this machine.
 * @throws CliError `address_in_use`: by which container, of what, or by which process; and what to do
 */
export async function requirePublishable(docker: Docker, address: Address): Promise<void> {
  const port = address.split(':').at(-1)
  const format = `{{.Names}}\t{{.Label "${label}.working_dir"}}\t{{.Label "${label}"}}\t{{.Ports}}`
  const rows = (await ask(docker, ['ps', '--filter', `publish=${port}`, '--format', format])).split('\n')
  const holder = rows.map(row => row.split('\t')).find(([, , , ports = '']) => ports.includes(address))
  if (holder) {
    const [name, folder, project] = holder // an image that Compose built passes its project on, but no folder
    const cure = folder
      ? `Stop it first: docker compose --project-name ${project} down (it was started in ${folder})`
      : `Stop it first: docker stop ${name}`
    throw new CliError('address_in_use', `${address} is already in use by the container ${name}. ${cure}`)
  }
  // Elsewhere /proc does not tell who holds it; Docker itself will say that it is taken.
  if (process.platform === 'linux') await requireFree([address], docker.root)
}
