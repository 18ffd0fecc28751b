import { apart, commented, flow, paragraph, titled } from './annotated.ts'
import { type Chapter, meshOf } from './chapter.ts'
import { dockerNetwork } from './docker-network.ts'
import type { Mesh } from './mesh.ts'
import {
  type EnvoyProcess,
  gatewayPod,
  type NodeProcess,
  type Pod,
  type Process,
  pods,
  ports,
} from './pod.ts'
import { bytes } from './size.ts'
import { yamlText } from './yaml-text.ts'

/** Both by version. The tag of the services' image is set by ./mesh, which knows what is in it. */
const images = { services: `hardway/services:\${MESH_SERVICES:-dev}`, envoy: 'envoyproxy/envoy:v1.40.0' }

/** The users that these images have for their programs; neither is root. */
const users = { services: '1000:1000', envoy: '101:101' }

const tokenFolder = '/run/token'
const makeToken =
  'umask 077 && cd /run/token && { test -s token || { ' +
  `node -p "crypto.randomBytes(32).toString('base64url')" >new && mv new token; }; }`

/**
 * The compose file of a chapter: its pods in containers, complete as it is. One container owns the network of each pod, and
 * the processes join it. Paths in it are relative to deploy/NN-slug.
 */
export function composeFile(chapter: Chapter, definition: Mesh): string {
  const mesh = meshOf(definition, chapter)
  const all = pods(mesh, dockerNetwork, `${tokenFolder}/token`)
  const entries = all.flatMap(pod => [
    [podService(pod), apart(network(pod, isPublished(pod, mesh)))] as const,
    ...pod.processes.map(process => {
      const calls = callsOf(pod, mesh).flatMap(name => all.filter(({ workload }) => workload === name))
      return [process.name, service(process, pod, calls, mesh, chapter)] as const
    }),
  ])
  const title =
    `Chapter ${chapter.slug} in containers: ${chapter.adds}. Nothing starts a container again when it ends: in this book ` +
    'one looks at what is dead.'
  return yamlText(
    titled(title, {
      ...paragraph(`docker compose -f deploy/${chapter.slug}/compose.yaml up --wait`, {
        name: `hardway-${chapter.slug}`,
      }),
      services: apart({ token: token(), ...Object.fromEntries(entries) }),
      volumes: apart({ token: {} }),
      secrets: apart({
        ca: commented(
          { file: `\${NODE_EXTRA_CA_CERTS:-/dev/null}` },
          'for the build only, on networks that have a certificate authority of their own',
        ),
      }),
    }),
  )
}

/** The service that owns the network of a pod. */
function podService({ name }: { name: string }): string {
  return `${name}-pod`
}

/** What makes the token. It is the first service in every file, so that what all have in common is explained at one place. */
function token(): unknown {
  const build = {
    context: '../..',
    dockerfile: 'deploy/images/Dockerfile',
    secrets: flow(['ca']),
  }
  return commented(
    {
      image: images.services,
      build: commented(build, 'if the image is missing; after a change in services/: docker compose build'),
      command: flow(['sh', '-c', makeToken]),
      volumes: flow([`token:${tokenFolder}`]),
      user: users.services,
      read_only: commented(true, 'nothing that breaks in can leave a program here,'),
      cap_drop: commented(flow(['ALL']), 'is root in any respect,'),
      security_opt: commented(flow(['no-new-privileges:true']), 'or becomes it'),
      mem_limit: '128m',
      logging: commented(logging, 'a log must not fill the disk'),
    },
    "makes everybody's token at the first start, and ends; it lies in a volume, and in no image",
  )
}

const logging = flow({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '2' } })

function guards(user: string, memory: string): object {
  return {
    user,
    read_only: true,
    cap_drop: flow(['ALL']),
    security_opt: flow(['no-new-privileges:true']),
    mem_limit: memory,
    logging,
  }
}

/** A container that does nothing but own a pod's network. */
function network({ workload }: Pod, published: boolean): unknown {
  return commented(
    {
      image: images.services,
      entrypoint: flow(['sleep', 'infinity']),
      init: commented(true, 'the first process of a container ignores SIGTERM, unless it minds it'),
      networks: flow({ default: { aliases: [workload] } }),
      ...(published ? { ports: flow([`\${MESH_PUBLISHED:-127.0.0.1:8080}:${ports.http}`]) } : {}),
      ...guards(users.services, '16m'),
    },
    'owns the network of the pod, so that each process in it can start again alone',
  )
}

/** People come to the gateway; before there is one, to what serves HTTP. */
function isPublished({ name, processes }: Pod, { gateway }: Mesh): boolean {
  if (gateway) return name === gatewayPod.name
  return processes.some(process => process.program === 'node' && process.environment.HTTP_ADDRESS)
}

/** The workloads that a pod calls. */
function callsOf({ name, workload }: Pod, { workloads, gateway }: Mesh): string[] {
  return (name === gatewayPod.name ? gateway?.calls : workloads?.[workload]?.calls) ?? []
}

function service(process: Process, pod: Pod, calls: Pod[], mesh: Mesh, chapter: Chapter): unknown {
  switch (process.program) {
    case 'node':
      return application(process, pod, calls)
    case 'envoy':
      return envoy(process, pod, calls, mesh, chapter)
  }
}

function application(process: NodeProcess, pod: Pod, calls: Pod[]): unknown {
  const { service, environment } = process
  const hasToken = environment.TOKEN_FILE !== undefined
  const sidecar = pod.processes.find(({ program }) => program === 'envoy')
  return {
    image: images.services,
    command: flow(['node', `services/${service}/src/main.ts`]),
    network_mode: `service:${podService(pod)}`,
    environment,
    ...(hasToken ? { volumes: flow([`token:${tokenFolder}:ro`]) } : {}),
    healthcheck: healthcheck(process),
    ...dependsOn({
      ...(hasToken ? { token: 'service_completed_successfully' } : {}),
      ...started(sidecar ? [sidecar] : calls),
    }),
    stop_grace_period: commented('12s', 'it finishes within 10 s what it has begun'),
    ...guards(users.services, '256m'),
  }
}

function envoy(process: EnvoyProcess, pod: Pod, calls: Pod[], mesh: Mesh, { slug }: Chapter): unknown {
  const heap = bytes(mesh.sidecars!.max_heap) / 2 ** 20
  return {
    image: images.envoy,
    entrypoint: flow(['envoy']),
    command: flow([
      ...['--config-path', '/etc/envoy/envoy.yaml', '--disable-hot-restart', '--concurrency', '1'],
      ...['--log-level', 'warning', '--drain-strategy', 'immediate'],
    ]),
    network_mode: `service:${podService(pod)}`,
    volumes: flow([`../../envoy/${slug}/${process.config}:/etc/envoy/envoy.yaml:ro`]),
    healthcheck: healthcheck(process),
    ...dependsOn(started(calls)),
    ...guards(users.envoy, `${heap + 64}m`),
  }
}

/**
 * Who is called stands before its callers, and a sidecar before its application: Compose starts in this order without
 * waiting for more, and stops in the opposite one, so that nobody calls into the void.
 */
function started(names: { name: string }[]): Record<string, string> {
  return Object.fromEntries(names.map(({ name }) => [name, 'service_started']))
}

function dependsOn(conditions: Record<string, string>): object {
  const entries = Object.entries(conditions).map(([name, condition]) => [name, flow({ condition })])
  return entries.length > 0 ? { depends_on: Object.fromEntries(entries) } : {}
}

/** Asks whether a process can serve, with nothing but the bash that is in all images. */
function healthcheck({ ready }: Process): unknown {
  const { hostname, port, pathname } = new URL(ready)
  const ask =
    `exec 3<>/dev/tcp/${hostname}/${port} && printf 'GET ${pathname} HTTP/1.1\\r\\nhost:a\\r\\n\\r\\n' >&3 && ` +
    `grep -q '200 OK' <&3`
  return { test: flow(['CMD', 'bash', '-c', ask]), interval: '5s', timeout: '2s', retries: 6 }
}
