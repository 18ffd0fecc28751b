import { type GoProgram, goTool } from './go.ts'

const version = '3.15.0'

/** Both are made from one module, without the discovery of other people's clouds. */
const shared: Pick<GoProgram, 'version' | 'size' | 'manifest' | 'tags' | 'ldflags'> = {
  version,
  size: '60 MB of source',
  manifest: 'prometheus',
  tags: ['netgo', 'remove_all_sd'],
  ldflags: [`-X github.com/prometheus/common/version.Version=${version}`],
}

/** Reads everybody's numbers and keeps them. Its web page is not in the module; what it answers to programs is. */
export const prometheus = goTool({
  ...shared,
  name: 'prometheus',
  title: 'Prometheus',
  versionOf: { args: ['--version'], pattern: /^prometheus, version (\S+)/m },
  package: 'github.com/prometheus/prometheus/cmd/prometheus',
})

/** Checks and tests what Prometheus is told. */
export const promtool = goTool({
  ...shared,
  name: 'promtool',
  title: 'promtool',
  versionOf: { args: ['--version'], pattern: /^promtool, version (\S+)/m },
  package: 'github.com/prometheus/prometheus/cmd/promtool',
  optional: true,
})
