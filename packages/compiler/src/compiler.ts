/** Pure: a mesh definition in, what every platform runs and every page draws out. Nothing is read or written here. */
export { type Chapter, chapter, chapters, meshOf } from './chapter.ts'
export { diagram } from './diagram.ts'
export { MeshError, type MeshErrorCode } from './error.ts'
export { type Mesh, parseMesh, type Workload } from './mesh.ts'
export { type Address, type Network, type Pod, type Process, pods } from './pod.ts'
