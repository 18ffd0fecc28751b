import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { throwawayLimits } from '@hardway/cli/docker-throwaway'
import { execa } from 'execa'
import type { Attacker, Order } from './attacker.ts'

const program = readFileSync(join(import.meta.dirname, 'attacker.ts'), 'utf8')

/**
 * Starts an attacker in a container of its own.
 * @param image    that of the services: with Node and gRPC
 * @param network  as `docker run --network` takes it
 */
export function dockerAttacker(
  image: string,
  network: string,
): { attacker: Attacker; stop(): Promise<void> } {
  const node = ['node', '--input-type=module-typescript', '--eval', program]
  const run = [
    'run',
    '--rm',
    '--interactive',
    '--network',
    network,
    '--env',
    'ORDERS=stdin',
    ...throwawayLimits,
  ]
  const child = execa('docker', [...run, image, ...node], { buffer: { stdout: false }, reject: false })
  const lines = createInterface(child.stdout)
  const ended = child.then(({ stderr }) => {
    throw new Error(`the attacker ended: ${stderr}`)
  })
  ended.catch(() => {}) // that it ends is bad only for whoever waits for an answer

  async function order(name: Order['name'], args: unknown[]): Promise<unknown> {
    child.stdin.write(`${JSON.stringify({ name, args } satisfies Order)}\n`)
    const [line] = await Promise.race([once(lines, 'line'), ended])
    const { result, error } = JSON.parse(line)
    if (error !== undefined) throw new Error(error)
    return result
  }

  const names: Order['name'][] = ['connect', 'call', 'knock', 'ask', 'standIn', 'leave']
  const attacker = Object.fromEntries(
    names.map(name => [name, (...args: unknown[]) => order(name, args)]),
  ) as unknown as Attacker
  const stop = async () => {
    child.stdin.end()
    await child
  }
  return { attacker, stop }
}
