import { describe } from 'vitest'
import { engine } from '../docker/docker-chapter.ts'
import { dockerWorld } from './docker-world.ts'
import { tryAttacks } from './try-attacks.ts'

describe.runIf(engine)('in containers', () => {
  tryAttacks('docker', dockerWorld)
})
