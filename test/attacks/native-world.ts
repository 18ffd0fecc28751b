import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Chapter, meshOf } from '@hardway/compiler'
import { ports } from '@hardway/compiler/pod'
import { expect } from 'vitest'
import { startChapter } from '../harness/chapter.ts'
import { mesh as definition } from '../harness/definition.ts'
import { copyOfPolicies, replacePolicy } from '../harness/policies.ts'
import { orders } from './attacker.ts'
import { readKeys } from './keys.ts'
import { once } from './once.ts'
import type { World } from './world.ts'

/** A chapter as processes of this machine. An attacker is another of them, of the same user. */
export async function nativeWorld(chapter: Chapter): Promise<World> {
  const { slug, number } = chapter
  const mesh = meshOf(definition, chapter)
  const { policies, remove } = copyOfPolicies()
  const running = await startChapter(slug, 70 + number, { policies }).catch(error => {
    remove()
    throw error
  })
  const application = mesh.monolith ? 'monolith' : 'calculator'
  const host = (pod: string) =>
    mesh.sidecars || pod !== application ? running.host(pod) : hostOf(running.url)
  const keyFile = (pod: string) => join(running.svidFolder(pod), 'current/key.pem')
  const stateFile = join(running.authority, 'authority.json')
  const tokens = once((person: string) =>
    mesh.jwt && person !== 'alice' ? running.identity('token', person) : running.token,
  )
  const standIn = once(async pod => {
    await running.kill(pod, 'SIGKILL')
    await expect.poll(async () => (await running.pids())[pod]).toBe(0)
    await orders.standIn(`${host(pod)}:${ports.http}`)
  })
  return {
    platform: 'native',
    chapter,
    mesh,
    url: running.url,
    application,
    token: tokens,
    keys: mesh.identity ? readKeys(readFileSync(stateFile, 'utf8')) : {},
    elsewhere: orders,
    host,
    inside: async () => orders,
    loopback: host,
    lookForKey: async pod =>
      existsSync(keyFile(pod)) && readFileSync(keyFile(pod), 'utf8').includes('PRIVATE'),
    standIn: () => standIn(application),
    kill: running.kill,
    replacePolicy: (text, name) => replacePolicy(policies, slug, text, name),
    stop: async () => {
      await orders.leave()
      await running.stop()
      remove()
    },
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname
}
