import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMesh } from '@hardway/compiler'

/** The project's folder. */
export const root = join(import.meta.dirname, '../..')

/** The mesh of mesh.yaml. */
export const mesh = parseMesh(readFileSync(join(root, 'mesh.yaml'), 'utf8'))
