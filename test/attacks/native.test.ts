import { nativeWorld } from './native-world.ts'
import { tryAttacks } from './try-attacks.ts'

tryAttacks('native', nativeWorld)
