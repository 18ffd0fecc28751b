import { join } from 'node:path'
import { type Chapter, meshOf } from '@hardway/compiler'
import { ports } from '@hardway/compiler/pod'
import { execa } from 'execa'
import { dockerChapter } from '../docker/docker-chapter.ts'
import { mesh as definition } from '../harness/definition.ts'
import { replacePolicy } from '../harness/policies.ts'
import { dockerAttacker } from './docker-attacker.ts'
import { readKeys } from './keys.ts'
import { once } from './once.ts'
import type { World } from './world.ts'

/** A chapter in containers. An attacker is one more of them, in a pod of its own. */
export async function dockerWorld(chapter: Chapter): Promise<World> {
  const { slug } = chapter
  const mesh = meshOf(definition, chapter)
  const running = await dockerChapter(slug, { ...definition }) // a copy, so that its policies can be changed
  const { docker, platform, exec } = running
  const ends: (() => Promise<void>)[] = [running.stop]
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    await running.up()
    const application = mesh.monolith ? 'monolith' : 'calculator'
    const container = (pod: string) => `${docker.project}-${pod}-pod-1`
    const imageOf = ['inspect', '--format', '{{.Config.Image}}', container(application)]
    const { stdout: image } = await execa('docker', imageOf)
    const attackerIn = (network: string) => {
      const { attacker, stop } = dockerAttacker(image, network)
      ends.push(stop)
      return attacker
    }
    const identity = async (...args: string[]) => {
      const { file, args: all } = await platform.identity(chapter, definition, args)
      return (await execa(file, all, { cwd: docker.root, stdin: 'ignore' })).stdout
    }
    const token = once((person: string) => (mesh.jwt ? identity('token', person) : platform.token()))
    const inside = once(pod => attackerIn(`container:${container(pod)}`))
    const standIn = once(async pod => {
      await platform.kill(pod, 'SIGKILL')
      await (await inside(pod)).standIn(`0.0.0.0:${ports.http}`)
    })
    return {
      platform: 'docker',
      chapter,
      mesh,
      url: `http://${docker.published}`,
      application,
      token,
      keys: mesh.identity ? readKeys(await exec('identity', 'cat', '/run/identity/authority.json')) : {},
      elsewhere: attackerIn(`${docker.project}_default`),
      host: pod => pod,
      inside,
      loopback: () => '127.0.0.1',
      lookForKey: async pod => {
        const own = await exec(`${pod}-envoy`, 'sha256sum', '/etc/envoy/svid/current/key.pem')
        const search = 'find / -name key.pem -exec sha256sum {} + 2>/dev/null || true'
        return (await exec('add-envoy', 'bash', '-c', search)).includes(own.split(' ')[0]!)
      },
      standIn: () => standIn(application),
      kill: platform.kill,
      replacePolicy: (text, name) => replacePolicy(join(docker.root, 'opa'), slug, text, name),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
