import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import type { Address } from '@hardway/compiler'
import { CliError } from '../cli-error.ts'

/** Whoever listens on an address, as far as this user may see it. */
export interface Holder {
  uid: number
  /** Unknown if it is another user's. */
  process: { pid: number; program: string; directory: string } | undefined
}

/**
 * Makes sure that every address is free.
 * @param root  this copy of the project, to tell its processes from another copy's
 * @throws CliError `address_in_use`, one line per process that holds one: who it is, and what to do
 */
export async function requireFree(addresses: Address[], root: string): Promise<void> {
  const taken = new Map<string, Address[]>()
  for (const address of addresses) {
    if (await isFree(address)) continue
    const holder = describe(holderOf(address), root)
    taken.set(holder, [...(taken.get(holder) ?? []), address])
  }
  if (taken.size === 0) return
  const lines = [...taken].map(
    ([holder, held]) => `${held.join(', ')} ${held.length === 1 ? 'is' : 'are'} already in use by ${holder}`,
  )
  throw new CliError('address_in_use', lines.join('\n'))
}

async function isFree(address: Address): Promise<boolean> {
  const { hostname: host, port } = new URL(`tcp://${address}`)
  const server = createServer()
  try {
    await once(server.listen({ host, port: Number(port) }), 'listening')
    await new Promise(closed => server.close(closed))
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return false
    throw new CliError('cannot_start', `${address} cannot be listened on: ${message}`)
  }
}

function describe(holder: Holder | undefined, root: string): string {
  if (!holder?.process) {
    const isOthers = holder && holder.uid !== process.getuid?.()
    return isOthers
      ? `a process of another user (uid ${holder.uid}). Stop it first.`
      : 'a process that cannot be seen from here. Stop it first.'
  }
  const { pid, program, directory } = holder.process
  const otherCopy =
    directory !== root && existsSync(join(directory, 'mesh')) && existsSync(join(directory, 'mesh.yaml'))
  const cure = otherCopy ? 'Run ./mesh down there first.' : `Stop it first: kill ${pid}`
  return `${program} (pid ${pid}, in ${directory}). ${cure}`
}

/** Who listens on an address, from /proc (proc(5)) alone: no ss or lsof needed. */
export function holderOf(address: Address): Holder | undefined {
  const { hostname, port } = new URL(`tcp://${address}`)
  const listening = '0A'
  const socket = [...sockets('/proc/net/tcp'), ...sockets('/proc/net/tcp6')].find(
    ({ local, state }) => state === listening && covers(local, hostname, Number(port)),
  )
  return socket && { uid: socket.uid, process: processWithSocket(socket.inode) }
}

function sockets(table: string) {
  const lines = readFileSync(table, 'utf8').trim().split('\n').slice(1)
  return lines.map(line => {
    const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/)
    return { local, state, uid: Number(uid), inode }
  })
}

/** Whether a socket's local address, such as `0100007F:1F90`, takes connections to this IPv4 host and port. */
function covers(local: string, host: string, port: number): boolean {
  const [address = '', hexPort = ''] = local.split(':')
  // Words of four bytes, each in the machine's byte order, which is little-endian wherever Node runs on Linux but s390x.
  const octets = host.split('.').map(octet => Number(octet).toString(16).padStart(2, '0').toUpperCase())
  const ipv4 = octets.reverse().join('')
  const hosts = [ipv4, '0'.repeat(8), `0000000000000000FFFF0000${ipv4}`, '0'.repeat(32)]
  return Number.parseInt(hexPort, 16) === port && hosts.includes(address)
}

function processWithSocket(inode: string | undefined): Holder['process'] {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const descriptors = readdirSync(`/proc/${pid}/fd`)
      if (!descriptors.some(descriptor => linkOf(`/proc/${pid}/fd/${descriptor}`) === `socket:[${inode}]`))
        continue
      const program = basename(readlinkSync(`/proc/${pid}/exe`))
      return { pid: Number(pid), program, directory: readlinkSync(`/proc/${pid}/cwd`) }
    } catch {
      // It ended just now, or is another user's.
    }
  }
  return undefined
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined // closed just now
  }
}
