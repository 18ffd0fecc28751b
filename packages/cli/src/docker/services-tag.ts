import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn } from '../configs/files-in.ts'

/** What the services' image is made of, besides packages/identity and services/; see deploy/images/Dockerfile. */
const ingredients = [
  'deploy/images/Dockerfile',
  'deploy/toolchain/node/package-lock.json',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
]

/**
 * The tag of the services' image: a hash of all that is in it. So an image is never out of date, and two copies of the
 * project, with different services, do not take each other's.
 */
export function servicesTag(root: string): string {
  const services = ['packages/identity', 'services']
    .flatMap(folder => filesIn(root, folder))
    .filter(path => !/\/node_modules\/|\.test\.ts$/.test(path))
  const hash = createHash('sha256')
  for (const path of [...ingredients, ...services]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex').slice(0, 12)
}
