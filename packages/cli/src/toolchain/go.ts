import type { Client, Tool } from './tool.ts'

/**
 * The Go command. It keeps what it fetches and compiles in caches of its own (`go env GOMODCACHE GOCACHE`), which are
 * shared with whatever else is built here; `go clean -cache -modcache` empties them.
 */
const go: Client = {
  title: 'Go 1.23 or newer',
  file: 'go',
  environment: { CGO_ENABLED: '0', GOWORK: 'off' },
  // An option that 1.22 does not have. A Go that is this new brings by itself the newer one that a go.mod asks for.
  check: ['env', '-changed'],
  cure: 'Install it (go.dev/doc/install)',
}

/** A program that Go builds from its module. The folder of its manifest has go.mod, which names it as a tool, and go.sum. */
export interface GoProgram
  extends Pick<Tool, 'name' | 'title' | 'version' | 'size' | 'manifest' | 'optional'>,
    Required<Pick<Tool, 'versionOf'>> {
  /** The package that has its `main`. */
  package: string
  /** Build tags. */
  tags?: string[]
  /** For the linker: `-X` sets a variable, as many programs want for their version. */
  ldflags?: string[]
}

export function goTool({ package: main, tags = [], ldflags = [], ...tool }: GoProgram): Tool {
  return {
    ...tool,
    client: go,
    install: folder => [
      ...['build', '-mod=readonly', '-trimpath', `-tags=${tags.join(',')}`],
      ...[`-ldflags=${['-s', '-w', ...ldflags].join(' ')}`, '-o', `${folder}/${tool.name}`, main],
    ],
    program: tool.name,
  }
}
