import { delimiter, dirname } from 'node:path'
import { root } from './root.ts'

/** Options of execa for the project's own tools, in node_modules/.bin. They ask the PATH for a Node: it finds ours. */
export const toolOptions = {
  cwd: root,
  preferLocal: true,
  localDir: root,
  env: { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
} as const
