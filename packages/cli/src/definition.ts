import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Chapter,
  chapter,
  chapters,
  type Definition,
  type Mesh,
  parseDefinition,
} from '@hardway/compiler'
import { root } from './root.ts'

/** The mesh of this copy of the project. */
export function readMesh(): Mesh {
  return readDefinition(root).mesh
}

/** The mesh of a project, and where its parts stand. */
export function readDefinition(root: string): Definition {
  return parseDefinition(readFileSync(join(root, 'mesh.yaml'), 'utf8'))
}

/** The chapter that a reader names, or the newest. */
export function chapterOrNewest(name: string | undefined): Chapter {
  return name === undefined ? chapters.at(-1)! : chapter(name)
}
