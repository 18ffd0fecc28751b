import { Mesh } from '@hardway/compiler'
import type { Generator } from './generate.ts'

/** mesh.schema.json: with it an editor completes mesh.yaml, and shows what is wrong while it is written. */
export const meshSchema: Generator = {
  folders: [],
  async files() {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'mesh.yaml', ...Mesh }
    return new Map([['mesh.schema.json', `${JSON.stringify(schema, null, 2)}\n`]])
  },
}
