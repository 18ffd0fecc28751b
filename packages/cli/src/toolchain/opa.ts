import { goTool } from './go.ts'

const version = '1.14.0'

/** OPA with the plugin that answers Envoy; it checks, formats and tests policies, too. */
export const opa = goTool({
  name: 'opa',
  title: 'OPA',
  version,
  size: '60 MB of source',
  versionOf: { args: ['version'], pattern: /^Version: (\S+)-envoy\S*$/m }, // an OPA without the plugin will not do
  package: 'github.com/open-policy-agent/opa-envoy-plugin/cmd/opa-envoy-plugin',
  ldflags: [`-X github.com/open-policy-agent/opa/v1/version.Version=${version}-envoy`],
})
