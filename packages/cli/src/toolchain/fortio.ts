import { goTool } from './go.ts'

/** What loads the chapters in `./mesh bench`. The newest without an interpreter for scripts, which a load does not need. */
export const fortio = goTool({
  name: 'fortio',
  title: 'Fortio',
  version: '1.68.0',
  size: '20 MB of source',
  versionOf: { args: ['version'], pattern: /^(\S+)$/m },
  package: 'fortio.org/fortio',
  optional: true,
})
