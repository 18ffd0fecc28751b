import type { Tracing } from './mesh.ts'
import type { ZipkinProcess } from './pod.ts'

/** What Zipkin is told on its command line. It keeps spans in memory, and the oldest traces go first. */
export function zipkinArguments({ api }: ZipkinProcess, { max_spans }: Tracing): string[] {
  const [ip, port] = api.split(':')
  return [
    // All three, or it listens on every address.
    ...[
      `--armeria.ports[0].ip=${ip}`,
      `--armeria.ports[0].port=${port}`,
      '--armeria.ports[0].protocols[0]=http',
    ],
    `--zipkin.storage.mem.max-spans=${max_spans}`,
    '--zipkin.query.allowed-origins=http://localhost:9411', // left out, it is everybody: any page in the browser could ask it
    '--logging.level.root=WARN',
  ]
}

/** For the Java that runs it: what memory it has for spans and for itself, and that it ends rather than limp on without. */
export const zipkinJavaOptions = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
]
